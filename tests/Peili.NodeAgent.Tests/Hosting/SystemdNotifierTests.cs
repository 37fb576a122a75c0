using System.Net.Sockets;
using System.Text;
using Peili.NodeAgent.Hosting;

namespace Peili.NodeAgent.Tests.Hosting;

/// <summary>With real datagram sockets, as systemd has them.</summary>
public sealed class SystemdNotifierTests : IDisposable
{
    private static readonly TimeSpan s_bound = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("peili-notify-");
    private readonly Socket _systemd = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    public void Dispose()
    {
        _systemd.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_state_arrives_as_one_datagram_each()
    {
        var path = Path.Combine(_directory.FullName, "notify");
        _systemd.Bind(new UnixDomainSocketEndPoint(path));
        var notifier = new SystemdNotifier(path, TimeSpan.FromSeconds(3));

        notifier.Notify("READY=1");
        notifier.Notify("WATCHDOG=1");

        (await ReceiveAsync()).ShouldBe("READY=1");
        (await ReceiveAsync()).ShouldBe("WATCHDOG=1");
        notifier.Watchdog.ShouldBe(TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task A_name_that_begins_with_an_at_sign_is_in_the_abstract_namespace()
    {
        var name = $"peili-{Guid.NewGuid():N}";
        _systemd.Bind(new UnixDomainSocketEndPoint("\0" + name));

        new SystemdNotifier("@" + name, null).Notify("READY=1");

        (await ReceiveAsync()).ShouldBe("READY=1");
    }

    [Fact]
    public void A_socket_that_is_gone_is_an_error() =>
        Should.Throw<SocketException>(() => new SystemdNotifier(Path.Combine(_directory.FullName, "gone"), null).Notify("READY=1"));

    private async Task<string> ReceiveAsync()
    {
        using var bound = new CancellationTokenSource(s_bound);
        var buffer = new byte[100];
        return Encoding.UTF8.GetString(buffer, 0, await _systemd.ReceiveAsync(buffer, bound.Token));
    }
}
