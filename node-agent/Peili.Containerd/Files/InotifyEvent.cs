using System.Runtime.InteropServices;

namespace Peili.Containerd.Files;

/// <summary>One thing that happened in a watched directory.</summary>
internal readonly ref struct InotifyEvent
{
    private const int HeaderLength = 16;

    private InotifyEvent(ReadOnlySpan<byte> header, ReadOnlySpan<byte> name)
    {
        Descriptor = MemoryMarshal.Read<int>(header);
        Mask = (InotifyMask)MemoryMarshal.Read<uint>(header[4..]);
        Name = name;
    }

    /// <summary>Which watch it is of; -1 with <see cref="InotifyMask.QueueOverflow"/>.</summary>
    public int Descriptor { get; }

    public InotifyMask Mask { get; }

    /// <summary>The name within the directory; empty where the directory itself is meant.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>Whether any of these is so.</summary>
    public bool Is(InotifyMask any) => (Mask & any) != InotifyMask.None;

    /// <summary>Takes the first of what the kernel told; false when there is no more.</summary>
    public static bool TryTake(ref ReadOnlySpan<byte> events, out InotifyEvent first)
    {
        // struct inotify_event { int wd; uint32_t mask; uint32_t cookie; uint32_t len; char name[len]; }
        if (events.Length < HeaderLength)
        {
            first = default;
            return false;
        }

        var end = HeaderLength + (int)MemoryMarshal.Read<uint>(events[12..]);
        first = new InotifyEvent(events, events[HeaderLength..end].TrimEnd((byte)0));
        events = events[end..];
        return true;
    }
}
