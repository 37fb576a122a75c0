using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Peili.LocalCluster.Upstream;

/// <summary>One request that the upstream registry answered.</summary>
/// <param name="EndedAt">When the answer was complete, or broken off.</param>
/// <param name="Duration">From the first byte of the request on; 1 ms steps.</param>
/// <param name="Client">Who asked.</param>
/// <param name="Method">GET or HEAD.</param>
/// <param name="Target">Path and query, as they were sent.</param>
/// <param name="Status">The answer's status.</param>
/// <param name="BodyBytes">The bytes of the body that went out.</param>
/// <param name="Range">The request's Range header, if it had one.</param>
/// <param name="UserAgent">The request's User-Agent header, if it had one.</param>
public sealed record UpstreamRequest(
    DateTimeOffset EndedAt,
    TimeSpan Duration,
    IPAddress Client,
    string Method,
    string Target,
    int Status,
    long BodyBytes,
    string? Range,
    string? UserAgent)
{
    /// <summary>The log line of nginx that <see cref="Parse"/> reads: every value is a string.</summary>
    internal const string LogFormat =
        """
        '{"ended":"$msec","duration":"$request_time","client":"$remote_addr","method":"$request_method","target":"$request_uri",'
        '"status":"$status","bytes":"$body_bytes_sent","range":"$http_range","agent":"$http_user_agent"}'
        """;

    /// <summary>Whether this asked for the contents of a blob.</summary>
    public bool IsBlobDownload => Method == "GET" && Target.Contains("/blobs/", StringComparison.Ordinal);

    internal static UpstreamRequest Parse(string line)
    {
        using var document = JsonDocument.Parse(line);
        string Text(string name) => document.RootElement.GetProperty(name).GetString() ?? "";
        double Number(string name) => double.Parse(Text(name), CultureInfo.InvariantCulture);
        string? Header(string name) => Text(name) is { Length: > 0 } value ? value : null;
        return new UpstreamRequest(
            DateTimeOffset.UnixEpoch.AddSeconds(Number("ended")),
            TimeSpan.FromSeconds(Number("duration")),
            IPAddress.Parse(Text("client")),
            Text("method"),
            Text("target"),
            (int)Number("status"),
            (long)Number("bytes"),
            Header("range"),
            Header("agent"));
    }
}
