using System.Diagnostics;

namespace Peili.DBus.Tests;

/// <summary>A real dbus-daemon of a test's own, with a session bus' rights. It ends, and its folder goes, with the test process however that ends.</summary>
internal sealed class BusDaemon : IAsyncDisposable
{
    // The guard's standard input closes when the test process dies, whichever way.
    private const string Guard =
        """
        dbus-daemon --nofork --nopidfile --print-address=1 --config-file="$1/bus.conf" </dev/null 2>"$1/log" &
        cat >/dev/null
        kill -KILL $!
        wait
        rm -rf "$1"
        """;

    private readonly string _directory = Directory.CreateTempSubdirectory("peili-dbus-").FullName;
    private Process? _guard;

    public string Socket => Path.Combine(_directory, "bus");

    public static async Task<BusDaemon> StartAsync()
    {
        var daemon = new BusDaemon();
        await File.WriteAllTextAsync(
            Path.Combine(daemon._directory, "bus.conf"),
            $"""
             <!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
             <busconfig>
               <type>session</type>
               <listen>unix:path={daemon.Socket}</listen>
               <auth>EXTERNAL</auth>
               <policy context="default">
                 <allow send_destination="*" eavesdrop="true"/>
                 <allow eavesdrop="true"/>
                 <allow own="*"/>
               </policy>
             </busconfig>
             """);
        daemon._guard = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", Guard, "guard", daemon._directory])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;

        // The daemon prints its address when it listens.
        (await daemon._guard.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)).ShouldNotBeNull().ShouldContain(daemon.Socket);
        return daemon;
    }

    public async ValueTask DisposeAsync()
    {
        _guard!.StandardInput.Close();
        await _guard.WaitForExitAsync();
        _guard.Dispose();
    }
}
