using System.Collections.Concurrent;
using System.Net.Sockets;

namespace Peili.DBus;

/// <summary>
/// A connection to a message bus, or to a program's own socket. It stands in for Tmds.DBus.Protocol's connection of the same name: method calls and
/// signals, no exported objects, no file descriptors. Safe for use by many threads.
/// </summary>
public sealed class DBusConnection : IAsyncDisposable
{
    private const string Bus = "org.freedesktop.DBus";
    private const string BusPath = "/org/freedesktop/DBus";

    private readonly Socket _socket;
    private readonly DBusConnectionOptions _options;
    private readonly SemaphoreSlim _sending = new(1);
    private readonly CancellationTokenSource _closed = new();
    private readonly ConcurrentDictionary<uint, TaskCompletionSource<DBusMessage>> _calls = new();
    private readonly ConcurrentBag<(MatchRule Rule, Action<DBusMessage> OnSignal)> _subscriptions = [];
    private readonly Task _receiving;
    private volatile Exception? _failure;
    private uint _lastSerial;

    private DBusConnection(Socket socket, DBusConnectionOptions options)
    {
        _socket = socket;
        _options = options;
        _receiving = ReceiveAsync();
    }

    /// <summary>Connects, authenticates as this process' user, and greets the bus if there is one.</summary>
    /// <param name="socketPath">The unix socket.</param>
    /// <param name="options">Limits and times; null for the defaults.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IOException">Nothing listens there, or something else than D-Bus.</exception>
    /// <exception cref="UnauthorizedAccessException">This process' user is refused.</exception>
    /// <exception cref="TimeoutException">It took longer than <see cref="DBusConnectionOptions.ConnectTimeout"/>.</exception>
    public static async Task<DBusConnection> ConnectAsync(
        string socketPath, DBusConnectionOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new DBusConnectionOptions();
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(options.ConnectTimeout);
        try
        {
            return await ConnectAsync(socketPath, options, bounded);
        }
        catch (SocketException exception)
        {
            throw new IOException($"D-Bus: {socketPath}: {exception.Message}", exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"D-Bus: {socketPath} did not answer within {options.ConnectTimeout.TotalSeconds:0} s", exception);
        }
    }

    /// <summary>Calls a method and waits for its reply.</summary>
    /// <param name="call">What <see cref="DBusMessage.Call"/> made.</param>
    /// <param name="cancellationToken">Ends the waiting; the call may still happen.</param>
    /// <exception cref="DBusException">The reply is an error.</exception>
    /// <exception cref="IOException">The connection ended, or the call is longer than a message may be.</exception>
    /// <exception cref="TimeoutException">No reply within <see cref="DBusConnectionOptions.CallTimeout"/>.</exception>
    public async Task<DBusMessage> CallAsync(DBusMessage call, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(call);
        var serial = Interlocked.Increment(ref _lastSerial);
        var reply = new TaskCompletionSource<DBusMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        _calls[serial] = reply;
        try
        {
            await SendAsync(MessageFormat.Write(call, serial), cancellationToken);
            ThrowIfFailed();
            var message = await reply.Task.WaitAsync(_options.CallTimeout, cancellationToken);
            return message.Type == MessageType.Error ? throw ErrorOf(message) : message;
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException(
                $"D-Bus: {call.Interface}.{call.Member} was not answered within {_options.CallTimeout.TotalSeconds:0} s", exception);
        }
        finally
        {
            _calls.TryRemove(serial, out _);
        }
    }

    /// <summary>Listens to signals until the connection ends; they come from the moment this returns, in order.</summary>
    /// <param name="rule">Which.</param>
    /// <param name="onSignal">
    /// Takes one; on the thread that receives, so it must be quick and wait for nothing. What it throws ends the connection.
    /// </param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task SubscribeAsync(MatchRule rule, Action<DBusMessage> onSignal, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rule);
        _subscriptions.Add((rule, onSignal));
        if (_options.IsBus)
        {
            await CallAsync(DBusMessage.Call(Bus, BusPath, Bus, "AddMatch", "s", writer => writer.WriteString(rule.ToString())), cancellationToken);
        }
    }

    /// <summary>Ends the connection; calls that wait fail with <see cref="IOException"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        _socket.Dispose();
        await _receiving;
        _closed.Dispose();
        _sending.Dispose();
    }

    private static async Task<DBusConnection> ConnectAsync(string socketPath, DBusConnectionOptions options, CancellationTokenSource bounded)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), bounded.Token);
            await Authentication.RunAsync(socket, bounded.Token);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        var connection = new DBusConnection(socket, options);
        try
        {
            if (options.IsBus)
            {
                await connection.CallAsync(DBusMessage.Call(Bus, BusPath, Bus, "Hello"), bounded.Token);
            }

            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        if (message.Length > _options.MaxMessageSize)
        {
            throw new IOException($"D-Bus: a message of {message.Length} bytes is longer than {_options.MaxMessageSize}");
        }

        await _sending.WaitAsync(cancellationToken);
        try
        {
            // Half a message sent would spoil all that follow, so once begun only the end of the connection stops it.
            while (!message.IsEmpty)
            {
                message = message[await _socket.SendAsync(message, SocketFlags.None, _closed.Token)..];
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            throw new IOException("D-Bus: the connection has ended", exception);
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task ReceiveAsync()
    {
        try
        {
            var start = new byte[MessageFormat.FixedLength];
            while (true)
            {
                await ReceiveExactlyAsync(start);
                var length = MessageFormat.LengthOf(start);
                if (length > _options.MaxMessageSize)
                {
                    throw new InvalidDataException($"D-Bus: a message of {length} bytes is longer than {_options.MaxMessageSize}");
                }

                var message = new byte[length];
                start.CopyTo(message, 0);
                await ReceiveExactlyAsync(message.AsMemory(start.Length));
                Deliver(MessageFormat.Parse(message));
            }
        }
        catch (Exception exception)
        {
            // Whatever it was, nothing more can be received; those who wait are told.
            _failure = new IOException($"D-Bus: the connection has ended: {exception.Message}", exception);
            foreach (var call in _calls.Values)
            {
                call.TrySetException(_failure);
            }
        }
    }

    private void Deliver(DBusMessage message)
    {
        if (message.Type is MessageType.MethodReturn or MessageType.Error)
        {
            if (message.ReplySerial is { } serial && _calls.TryGetValue(serial, out var call))
            {
                call.TrySetResult(message);
            }
        }
        else if (message.Type == MessageType.Signal)
        {
            foreach (var (_, onSignal) in _subscriptions.Where(subscription => subscription.Rule.Matches(message)))
            {
                onSignal(message);
            }
        }
    }

    private async Task ReceiveExactlyAsync(Memory<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var count = await _socket.ReceiveAsync(buffer, SocketFlags.None, _closed.Token);
            buffer = count > 0 ? buffer[count..] : throw new EndOfStreamException("the other side closed it");
        }
    }

    private void ThrowIfFailed()
    {
        if (_failure is { } failure)
        {
            throw new IOException(failure.Message, failure);
        }
    }

    private static DBusException ErrorOf(DBusMessage message) => new(
        message.ErrorName ?? "org.freedesktop.DBus.Error.Failed",
        message.Signature.StartsWith('s') ? message.Read(message.Signature).ReadString() : "");
}
