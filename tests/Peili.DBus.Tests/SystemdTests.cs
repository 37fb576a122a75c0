using Peili.LocalCluster.Systemd;

namespace Peili.DBus.Tests;

/// <summary>The real systemd on a real bus, as the first process of a PID namespace.</summary>
public sealed class SystemdTests
{
    private const string Path = "/org/freedesktop/systemd1";
    private const string Name = "org.freedesktop.systemd1";
    private const string Manager = "org.freedesktop.systemd1.Manager";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_starts_a_unit_and_signals_the_end_of_the_job()
    {
        Assert.SkipWhen(SystemdHost.WhyNot() is not null, SystemdHost.WhyNot() ?? "");
        await using var host = await SystemdHost.CreateAsync(Cancellation);
        host.AddBus();
        host.Write("/etc/systemd/system/sleeper.service", "[Unit]\nDefaultDependencies=no\n[Service]\nExecStart=/bin/sleep infinity\n");
        await host.BootAsync(Cancellation);
        await using var systemd = await ConnectAsync(host);
        var done = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await systemd.SubscribeAsync(
            new MatchRule(Path, Manager, "JobRemoved"),
            signal =>
            {
                var reader = signal.Read("uoss");
                reader.ReadUInt32();
                reader.ReadObjectPath();
                if (reader.ReadString() == "sleeper.service")
                {
                    done.TrySetResult(reader.ReadString());
                }
            },
            Cancellation);

        await systemd.CallAsync(DBusMessage.Call(Name, Path, Manager, "Subscribe"), Cancellation);
        var reply = await systemd.CallAsync(Start("sleeper.service"), Cancellation);

        reply.Read("o").ReadObjectPath().ShouldStartWith("/org/freedesktop/systemd1/job/");
        (await done.Task.WaitAsync(TimeSpan.FromMinutes(1), Cancellation)).ShouldBe("done");
        var error = await Should.ThrowAsync<DBusException>(() => systemd.CallAsync(Start("nobody.service"), Cancellation));
        error.ErrorName.ShouldBe("org.freedesktop.systemd1.NoSuchUnit");
    }

    /// <summary>The bus is there before systemd is on it.</summary>
    private static async Task<DBusConnection> ConnectAsync(SystemdHost host)
    {
        for (var tries = 0; ; tries++)
        {
            await Task.Delay(20, Cancellation);
            if (!File.Exists(host.BusSocket) && tries < 1000)
            {
                continue;
            }

            var connection = await DBusConnection.ConnectAsync(host.BusSocket, cancellationToken: Cancellation);
            var there = await connection.CallAsync(
                DBusMessage.Call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "NameHasOwner", "s", writer => writer.WriteString(Name)),
                Cancellation);
            if (there.Read("b").ReadBoolean() || tries >= 1000)
            {
                return connection;
            }

            await connection.DisposeAsync();
        }
    }

    private static DBusMessage Start(string unit) => DBusMessage.Call(Name, Path, Manager, "StartUnit", "ss", writer =>
    {
        writer.WriteString(unit);
        writer.WriteString("replace");
    });
}
