using System.Runtime.InteropServices;

namespace Peili.NodeAgent.Tests.Support;

internal static partial class NativeMethods
{
    public const int SigTerm = 15;

    [LibraryImport("libc", EntryPoint = "kill")]
    public static partial int Signal(int processId, int signal);
}
