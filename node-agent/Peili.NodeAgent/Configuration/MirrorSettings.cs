using System.Text.Json;
using Peili.Containerd.Hosts;

namespace Peili.NodeAgent.Configuration;

/// <summary>A mirror besides the agent (<c>--mirror</c>).</summary>
internal sealed record MirrorSettings(string Url)
{
    /// <summary>A mirror on the local network answers within a second or not at all; one retry of the connection is allowed for.</summary>
    private const string DialTimeout = "3s";

    public IReadOnlyList<string> Ca { get; init; } = [];

    /// <summary>CA certificates as PEM text, which containerd gets as a file.</summary>
    public string? CaPem { get; init; }

    public string? ClientCert { get; init; }

    public string? ClientKey { get; init; }

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public bool SkipVerify { get; init; }

    /// <summary>Whether the URL's path is used as it is; containerd appends /v2 otherwise.</summary>
    public bool OverridePath { get; init; }

    /// <summary>The registries it serves; none for every one.</summary>
    public IReadOnlyList<string> Registries { get; init; } = [];

    /// <summary>The files it needs on the host.</summary>
    public IEnumerable<string> Files => Ca.Append(ClientCert).Append(ClientKey).OfType<string>();

    /// <summary>Whether this is where containerd can find a mirror.</summary>
    public static bool IsUrl(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed is { Scheme: "http" or "https", Query: "", Fragment: "", UserInfo: "" } && !url.Any(char.IsWhiteSpace);

    /// <summary>Reads what <see cref="ToJson"/> wrote; null when it is none of that.</summary>
    public static MirrorSettings? FromJson(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, MirrorJson.Default.MirrorSettings) is { Url: { } url } settings && IsUrl(url) ? settings : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>All of it in one value of an option.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, MirrorJson.Default.MirrorSettings);

    /// <summary>What stands in hosts.toml.</summary>
    public HostEntry ToEntry() => new(Url)
    {
        Authorities = Ca,
        AuthorityText = CaPem,
        ClientCertificate = ClientCert,
        ClientKey = ClientKey,
        Headers = Headers,
        SkipVerify = SkipVerify,
        OverridePath = OverridePath,
        Registries = Registries,
        DialTimeout = DialTimeout,
    };
}
