namespace Peili.DBus.Tests;

public sealed class BusTests
{
    private const string Bus = "org.freedesktop.DBus";
    private const string BusPath = "/org/freedesktop/DBus";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_bus_greets_and_answers()
    {
        await using var daemon = await BusDaemon.StartAsync();
        await using var connection = await DBusConnection.ConnectAsync(daemon.Socket, cancellationToken: Cancellation);

        var reply = await connection.CallAsync(DBusMessage.Call(Bus, BusPath, Bus, "ListNames"), Cancellation);

        Names(reply).ShouldContain(Bus);
        Names(reply).ShouldContain(name => name.StartsWith(":1.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_error_has_its_name_and_its_message()
    {
        await using var daemon = await BusDaemon.StartAsync();
        await using var connection = await DBusConnection.ConnectAsync(daemon.Socket, cancellationToken: Cancellation);

        var error = await Should.ThrowAsync<DBusException>(() =>
            connection.CallAsync(DBusMessage.Call(Bus, BusPath, Bus, "GetNameOwner", "s", writer => writer.WriteString("peili.Nobody")), Cancellation));

        error.ErrorName.ShouldBe("org.freedesktop.DBus.Error.NameHasNoOwner");
        error.ErrorMessage.ShouldContain("peili.Nobody");
    }

    [Fact]
    public async Task A_signal_that_is_asked_for_arrives_and_no_other()
    {
        await using var daemon = await BusDaemon.StartAsync();
        await using var listener = await DBusConnection.ConnectAsync(daemon.Socket, cancellationToken: Cancellation);
        await using var other = await DBusConnection.ConnectAsync(daemon.Socket, cancellationToken: Cancellation);
        var arrived = new TaskCompletionSource<DBusMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        await listener.SubscribeAsync(new MatchRule(BusPath, Bus, "NameOwnerChanged"), signal => arrived.TrySetResult(signal), Cancellation);
        var never = false;
        await listener.SubscribeAsync(new MatchRule("/nowhere", Bus, "NameOwnerChanged"), _ => never = true, Cancellation);

        await other.CallAsync(
            DBusMessage.Call(Bus, BusPath, Bus, "RequestName", "su", writer =>
            {
                writer.WriteString("peili.Test");
                writer.WriteUInt32(0);
            }),
            Cancellation);

        (await arrived.Task.WaitAsync(TimeSpan.FromMinutes(1), Cancellation)).Read("sss").ReadString().ShouldBe("peili.Test");
        never.ShouldBeFalse();
    }

    [Fact]
    public async Task Calls_in_parallel_get_each_its_own_answer()
    {
        await using var daemon = await BusDaemon.StartAsync();
        await using var connection = await DBusConnection.ConnectAsync(daemon.Socket, cancellationToken: Cancellation);

        var owned = await Task.WhenAll(Enumerable.Range(0, 200).Select(async number =>
        {
            var name = number % 2 == 0 ? Bus : "peili.Nobody";
            var reply = await connection.CallAsync(DBusMessage.Call(Bus, BusPath, Bus, "NameHasOwner", "s", writer => writer.WriteString(name)), Cancellation);
            return reply.Read("b").ReadBoolean() == (number % 2 == 0);
        }));

        owned.ShouldAllBe(right => right);
    }

    [Fact]
    public async Task A_call_longer_than_the_limit_is_not_sent()
    {
        await using var daemon = await BusDaemon.StartAsync();
        await using var connection = await DBusConnection.ConnectAsync(daemon.Socket, cancellationToken: Cancellation);
        var text = new string('x', 1024 * 1024);

        var error = await Should.ThrowAsync<IOException>(() =>
            connection.CallAsync(DBusMessage.Call(Bus, BusPath, Bus, "NameHasOwner", "s", writer => writer.WriteString(text)), Cancellation));

        error.Message.ShouldContain("is longer than 1048576");
        await connection.CallAsync(DBusMessage.Call(Bus, BusPath, Bus, "GetId"), Cancellation);
    }

    [Fact]
    public async Task An_answer_longer_than_the_limit_ends_the_connection()
    {
        await using var daemon = await BusDaemon.StartAsync();
        await using var connection = await DBusConnection.ConnectAsync(
            daemon.Socket, new DBusConnectionOptions { MaxMessageSize = 1024 }, Cancellation);

        var error = await Should.ThrowAsync<IOException>(() =>
            connection.CallAsync(DBusMessage.Call(Bus, BusPath, "org.freedesktop.DBus.Introspectable", "Introspect"), Cancellation));

        error.Message.ShouldContain("is longer than 1024");
        await Should.ThrowAsync<IOException>(() => connection.CallAsync(DBusMessage.Call(Bus, BusPath, Bus, "GetId"), Cancellation));
    }

    [Fact]
    public async Task A_daemon_that_ends_fails_the_calls()
    {
        var daemon = await BusDaemon.StartAsync();
        await using var connection = await DBusConnection.ConnectAsync(daemon.Socket, cancellationToken: Cancellation);
        await daemon.DisposeAsync();

        await Should.ThrowAsync<IOException>(() => connection.CallAsync(DBusMessage.Call(Bus, BusPath, Bus, "GetId"), Cancellation));
    }

    [Fact]
    public async Task Where_nothing_listens_the_path_is_named() =>
        (await Should.ThrowAsync<IOException>(() => DBusConnection.ConnectAsync("/nowhere/bus", cancellationToken: Cancellation)))
            .Message.ShouldContain("/nowhere/bus");

    private static List<string> Names(DBusMessage reply)
    {
        var reader = reply.Read("as");
        var names = new List<string>();
        for (var end = reader.ReadArrayStart(4); reader.HasNext(end);)
        {
            names.Add(reader.ReadString());
        }

        return names;
    }
}
