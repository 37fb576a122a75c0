namespace Peili.Grpc;

/// <summary>The outcome of a call.</summary>
/// <param name="StatusCode">The code.</param>
/// <param name="Detail">What the server, or this client on its behalf, has to say; may be empty.</param>
public readonly record struct Status(StatusCode StatusCode, string Detail)
{
    /// <inheritdoc/>
    public override string ToString() => $"{StatusCode}: {Detail}";
}
