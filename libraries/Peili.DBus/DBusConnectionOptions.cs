namespace Peili.DBus;

/// <summary>How a connection is made and what it accepts.</summary>
public sealed record DBusConnectionOptions
{
    /// <summary>
    /// Whether a message bus is at the other end, which is greeted and asked for signals. False for a program's own socket, such as systemd's
    /// <c>/run/systemd/private</c>: there are no names there, and signals come unasked.
    /// </summary>
    public bool IsBus { get; init; } = true;

    /// <summary>The time to connect, authenticate and greet.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The time a call may take until its reply; libdbus' default.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>The longest message sent or received, in bytes, headers included. A longer one that arrives ends the connection.</summary>
    public int MaxMessageSize { get; init; } = 1024 * 1024;
}
