using Peili.Containerd;
using Peili.DBus;

namespace Peili.NodeAgent.Remediation;

/// <summary>
/// The host's systemd, over its D-Bus interface: the system bus, or systemd's own socket on a host without a bus. A restart is a job of systemd's: it goes
/// on whatever becomes of this process.
/// </summary>
internal sealed class SystemdUnits : IAsyncDisposable
{
    private const string BusSocket = "/run/dbus/system_bus_socket";
    private const string PrivateSocket = "/run/systemd/private";
    private const string Name = "org.freedesktop.systemd1";
    private const string ManagerPath = "/org/freedesktop/systemd1";
    private const string Manager = "org.freedesktop.systemd1.Manager";
    private const string Unit = "org.freedesktop.systemd1.Unit";
    private const string Loaded = "loaded";
    private const string Done = "done";

    private readonly DBusConnection _connection;
    private readonly bool _isBus;

    private SystemdUnits(DBusConnection connection, bool isBus) => (_connection, _isBus) = (connection, isBus);

    /// <summary>Connects.</summary>
    /// <exception cref="IOException">There is no systemd to talk to, or it does not answer as one.</exception>
    /// <exception cref="UnauthorizedAccessException">It refuses this process' user.</exception>
    /// <exception cref="TimeoutException">It does not answer.</exception>
    public static async Task<SystemdUnits> ConnectAsync(HostRoot host, CancellationToken cancellationToken)
    {
        var isBus = Path.Exists(host.At(BusSocket));
        var socket = host.At(isBus ? BusSocket : PrivateSocket);
        if (!Path.Exists(socket))
        {
            throw new IOException($"there is neither {BusSocket} nor {PrivateSocket}: systemd cannot be reached from here. Run this on the host itself, or with the host's / mounted (--host-root)");
        }

        var connection = await DBusConnection.ConnectAsync(socket, new DBusConnectionOptions { IsBus = isBus }, cancellationToken);
        return new SystemdUnits(connection, isBus);
    }

    /// <summary>The first of these units that exists; null when none does.</summary>
    /// <exception cref="DBusException">systemd refuses.</exception>
    public async Task<string?> FindAsync(IReadOnlyList<string> units, CancellationToken cancellationToken)
    {
        foreach (var unit in units)
        {
            if (await GetPropertyAsync(unit, "LoadState", cancellationToken) == Loaded)
            {
                return unit;
            }
        }

        return null;
    }

    /// <summary>What a unit is, such as <c>active</c> or <c>failed</c>.</summary>
    /// <exception cref="DBusException">systemd refuses.</exception>
    public Task<string> GetActiveStateAsync(string unit, CancellationToken cancellationToken) => GetPropertyAsync(unit, "ActiveState", cancellationToken);

    /// <summary>Restarts a unit and waits until systemd is done with it.</summary>
    /// <param name="unit">Such as <c>containerd.service</c>.</param>
    /// <param name="patience">How long it may take.</param>
    /// <param name="cancellationToken">Ends the waiting; systemd goes on.</param>
    /// <returns>systemd's result: <c>done</c>, or <c>failed</c>, <c>timeout</c>, <c>canceled</c> and the like.</returns>
    /// <exception cref="DBusException">systemd refuses.</exception>
    /// <exception cref="TimeoutException">It took longer.</exception>
    public async Task<string> RestartAsync(string unit, TimeSpan patience, CancellationToken cancellationToken)
    {
        // The signal may come before the reply that names the job.
        var results = new JobResults(unit);
        await _connection.SubscribeAsync(new MatchRule(ManagerPath, Manager, "JobRemoved"), results.Take, cancellationToken);
        if (_isBus)
        {
            await CallAsync(ManagerPath, Manager, "Subscribe", "", null, cancellationToken);
        }

        var reply = await CallAsync(
            ManagerPath, Manager, "RestartUnit", "ss",
            writer =>
            {
                writer.WriteString(unit);
                writer.WriteString("replace");
            },
            cancellationToken);
        try
        {
            return await results.Of(reply.Read("o").ReadObjectPath()).WaitAsync(patience, cancellationToken);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{unit} was not restarted within {patience.TotalSeconds:0} s", exception);
        }
    }

    /// <summary>Whether a restart's result is a success.</summary>
    public static bool IsSuccess(string result) => result == Done;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task<string> GetPropertyAsync(string unit, string property, CancellationToken cancellationToken)
    {
        // LoadUnit also answers for units that do not exist; their LoadState is not-found.
        var loaded = await CallAsync(ManagerPath, Manager, "LoadUnit", "s", writer => writer.WriteString(unit), cancellationToken);
        var value = await CallAsync(
            loaded.Read("o").ReadObjectPath(), "org.freedesktop.DBus.Properties", "Get", "ss",
            writer =>
            {
                writer.WriteString(Unit);
                writer.WriteString(property);
            },
            cancellationToken);
        return value.Read("v").ReadStringVariant();
    }

    private Task<DBusMessage> CallAsync(
        string path, string interfaceName, string member, string signature, Action<MessageWriter>? write, CancellationToken cancellationToken) =>
        _connection.CallAsync(DBusMessage.Call(_isBus ? Name : null, path, interfaceName, member, signature, write), cancellationToken);
}
