using System.Net.Sockets;

namespace Peili.Grpc;

/// <summary>Where a channel connects: the URI its requests carry, and the unix socket behind it if there is one.</summary>
internal sealed record ChannelAddress(Uri BaseAddress, UnixDomainSocketEndPoint? Socket)
{
    private const string UnixPrefix = "unix://";

    public static ChannelAddress Parse(string address)
    {
        ArgumentException.ThrowIfNullOrEmpty(address);
        if (address.StartsWith(UnixPrefix, StringComparison.Ordinal))
        {
            return new ChannelAddress(new Uri("http://localhost"), ParseSocket(address));
        }

        if (Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttp && uri.PathAndQuery == "/")
        {
            return new ChannelAddress(uri, null);
        }

        throw new ArgumentException($"'{address}' is neither unix:///path/to/socket nor http://host:port.", nameof(address));
    }

    private static UnixDomainSocketEndPoint ParseSocket(string address)
    {
        var path = address[UnixPrefix.Length..];
        if (!path.StartsWith('/') || path.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException($"'{address}' does not name a socket by its absolute path.", nameof(address));
        }

        try
        {
            return new UnixDomainSocketEndPoint(path);
        }
        catch (ArgumentOutOfRangeException tooLong)
        {
            throw new ArgumentException($"'{address}' is longer than a socket's path may be (108 bytes).", nameof(address), tooLong);
        }
    }
}
