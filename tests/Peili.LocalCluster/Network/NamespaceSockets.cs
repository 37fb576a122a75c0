using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Peili.LocalCluster.Processes;

namespace Peili.LocalCluster.Network;

/// <summary>
/// Makes sockets in another network namespace. A socket belongs for good to the namespace of the thread that made it, whoever uses
/// it afterwards; so one short-lived thread goes there, makes the socket and ends, and no other code ever runs there.
/// </summary>
internal sealed class NamespaceSockets(int processId) : IDisposable
{
    private readonly SafeFileHandle _networkNamespace =
        File.OpenHandle($"/proc/{processId}/ns/net", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);

    public void Dispose() => _networkNamespace.Dispose();

    /// <summary>A new TCP socket.</summary>
    /// <exception cref="Win32Exception">The kernel refused.</exception>
    internal Socket Create(AddressFamily family)
    {
        var descriptor = -1;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                descriptor = CreateHere(family);
            }
            catch (Win32Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return new Socket(new SafeSocketHandle(descriptor, ownsHandle: true));
    }

    private int CreateHere(AddressFamily family)
    {
        const int internet = 2;
        const int internet6 = 10;
        if (NativeMethods.SetNamespace(_networkNamespace, NativeMethods.CloneNewNetwork) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "setns");
        }

        var domain = family == AddressFamily.InterNetworkV6 ? internet6 : internet;
        var descriptor = NativeMethods.CreateSocket(domain, NativeMethods.StreamSocketCloseOnExec, 0);
        return descriptor >= 0 ? descriptor : throw new Win32Exception(Marshal.GetLastPInvokeError(), "socket");
    }
}
