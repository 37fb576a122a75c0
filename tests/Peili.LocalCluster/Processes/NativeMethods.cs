using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Peili.LocalCluster.Processes;

/// <summary>The few Linux calls that .NET does not offer.</summary>
internal static partial class NativeMethods
{
    /// <summary>CLONE_NEWNET of sched.h: <see cref="SetNamespace"/> of a network namespace.</summary>
    internal const int CloneNewNetwork = 0x40000000;

    /// <summary>SOCK_STREAM | SOCK_CLOEXEC, the same on every architecture .NET runs on.</summary>
    internal const int StreamSocketCloseOnExec = 1 | 0x80000;

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static partial int SetNamespace(SafeFileHandle descriptor, int kind);

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static partial int CreateSocket(int domain, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static partial int Kill(int processId, int signal);
}
