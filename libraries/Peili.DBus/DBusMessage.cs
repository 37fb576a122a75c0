namespace Peili.DBus;

/// <summary>A message: where from, where to, and the arguments. Fields that a type of message does not have are null.</summary>
public sealed record DBusMessage
{
    /// <summary>What it is.</summary>
    public required MessageType Type { get; init; }

    /// <summary>The object that is called, or that signals.</summary>
    public string? Path { get; init; }

    /// <summary>The interface of the member.</summary>
    public string? Interface { get; init; }

    /// <summary>The method or signal.</summary>
    public string? Member { get; init; }

    /// <summary>The error's name.</summary>
    public string? ErrorName { get; init; }

    /// <summary>Whom a bus delivers it to; null without a bus.</summary>
    public string? Destination { get; init; }

    /// <summary>Who sent it, filled in by the bus.</summary>
    public string? Sender { get; init; }

    /// <summary>The types of the arguments, such as <c>ss</c>.</summary>
    public string Signature { get; init; } = "";

    internal uint Serial { get; init; }

    internal uint? ReplySerial { get; init; }

    internal ReadOnlyMemory<byte> Body { get; init; }

    internal bool IsBigEndian { get; init; }

    /// <summary>A call of a method.</summary>
    /// <param name="destination">The bus name of whom to call; null without a bus.</param>
    /// <param name="path">The object.</param>
    /// <param name="interfaceName">The method's interface.</param>
    /// <param name="member">The method.</param>
    /// <param name="signature">The types of its arguments.</param>
    /// <param name="write">Writes the arguments.</param>
    public static DBusMessage Call(
        string? destination, string path, string interfaceName, string member, string signature = "", Action<MessageWriter>? write = null)
    {
        ArgumentNullException.ThrowIfNull(signature);
        var body = new MessageWriter();
        write?.Invoke(body);
        return new DBusMessage
        {
            Type = MessageType.MethodCall,
            Destination = destination,
            Path = path,
            Interface = interfaceName,
            Member = member,
            Signature = signature,
            Body = body.ToArray(),
        };
    }

    /// <summary>Reads the arguments.</summary>
    /// <param name="signature">The types they must have.</param>
    /// <exception cref="InvalidDataException">They have others.</exception>
    public MessageReader Read(string signature) => Signature == signature
        ? new MessageReader(Body.Span, IsBigEndian)
        : throw new InvalidDataException($"D-Bus: {Interface}.{Member} has arguments of the types \"{Signature}\", not \"{signature}\"");
}
