using System.Net.Sockets;
using System.Text;

namespace Peili.DBus.Tests;

/// <summary>Stand-ins for servers that real ones never are: deaf, refusing, talking nonsense.</summary>
public sealed class MisbehavingServerTests : IDisposable
{
    private static readonly DBusConnectionOptions Impatient = new()
    {
        IsBus = false,
        ConnectTimeout = TimeSpan.FromMilliseconds(200),
        CallTimeout = TimeSpan.FromMilliseconds(200),
    };

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("peili-dbus-");
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public MisbehavingServerTests()
    {
        _listener.Bind(new UnixDomainSocketEndPoint(Path));
        _listener.Listen();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Path => System.IO.Path.Combine(_directory.FullName, "bus");

    [Fact]
    public async Task A_server_that_never_answers_is_given_up() =>
        (await Should.ThrowAsync<TimeoutException>(() => DBusConnection.ConnectAsync(Path, Impatient, Cancellation))).Message.ShouldContain(Path);

    [Fact]
    public async Task A_server_that_refuses_the_user_is_said_to()
    {
        var server = AnswerAsync("REJECTED DBUS_COOKIE_SHA1\r\n"u8.ToArray());
        var connect = DBusConnection.ConnectAsync(Path, new DBusConnectionOptions { IsBus = false }, Cancellation);
        (await Should.ThrowAsync<UnauthorizedAccessException>(() => connect)).Message.ShouldContain("is refused");
        (await server).Dispose();
    }

    [Fact]
    public async Task A_server_of_another_protocol_is_said_to_be_one()
    {
        var server = AnswerAsync("HTTP/1.1 400 Bad Request\r\n"u8.ToArray());
        var connect = DBusConnection.ConnectAsync(Path, new DBusConnectionOptions { IsBus = false }, Cancellation);
        (await Should.ThrowAsync<IOException>(() => connect)).Message.ShouldContain("HTTP/1.1 400");
        (await server).Dispose();
    }

    [Fact]
    public async Task A_line_without_an_end_is_given_up()
    {
        var server = AnswerAsync(Encoding.ASCII.GetBytes(new string('x', 5000)));
        var connect = DBusConnection.ConnectAsync(Path, new DBusConnectionOptions { IsBus = false }, Cancellation);
        (await Should.ThrowAsync<IOException>(() => connect)).Message.ShouldContain("more than 4096 bytes");
        (await server).Dispose();
    }

    [Fact]
    public async Task A_call_that_is_not_answered_is_given_up()
    {
        var server = AnswerAsync("OK 1234\r\n"u8.ToArray());
        await using var connection = await DBusConnection.ConnectAsync(Path, Impatient with { ConnectTimeout = TimeSpan.FromMinutes(1) }, Cancellation);
        using var socket = await server;
        (await Should.ThrowAsync<TimeoutException>(() => connection.CallAsync(DBusMessage.Call(null, "/", "a.b", "C"), Cancellation)))
            .Message.ShouldContain("a.b.C was not answered");
    }

    [Fact]
    public async Task Nonsense_ends_the_connection_and_the_calls_with_it()
    {
        var server = AnswerAsync([.. "OK 1234\r\n"u8, .. new byte[64]]);
        await using var connection = await DBusConnection.ConnectAsync(Path, new DBusConnectionOptions { IsBus = false }, Cancellation);
        using var socket = await server;
        (await Should.ThrowAsync<IOException>(() => connection.CallAsync(DBusMessage.Call(null, "/", "a.b", "C"), Cancellation)))
            .Message.ShouldContain("no byte order");
    }

    [Fact]
    public async Task A_canceled_call_ends_at_once()
    {
        var server = AnswerAsync("OK 1234\r\n"u8.ToArray());
        await using var connection = await DBusConnection.ConnectAsync(Path, new DBusConnectionOptions { IsBus = false }, Cancellation);
        using var socket = await server;
        using var canceled = new CancellationTokenSource();
        var call = connection.CallAsync(DBusMessage.Call(null, "/", "a.b", "C"), canceled.Token);
        await canceled.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => call);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _directory.Delete(recursive: true);
    }

    private async Task<Socket> AnswerAsync(byte[] answer)
    {
        var socket = await _listener.AcceptAsync(Cancellation);
        await socket.SendAsync(answer, SocketFlags.None, Cancellation);
        return socket;
    }
}
