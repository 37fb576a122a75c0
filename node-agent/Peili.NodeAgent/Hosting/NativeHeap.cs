using System.Runtime.InteropServices;

namespace Peili.NodeAgent.Hosting;

/// <summary>The C library's heap, from which OpenSSL takes the memory of every connection.</summary>
internal static partial class NativeHeap
{
    /// <summary>M_ARENA_MAX of glibc's malloc.h.</summary>
    private const int ArenaMaximum = -8;

    private const int Arenas = 2;

    /// <summary>Has all threads share two arenas: glibc makes eight a processor, each of which keeps what it once had.</summary>
    public static void ShareArenas()
    {
        try
        {
            _ = SetOption(ArenaMaximum, Arenas);
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library (musl): it has one heap.
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);
}
