using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Peili.Containerd;

namespace Peili.NodeAgent.Registry;

/// <summary>A pull path: <c>/v2/&lt;name&gt;/manifests/&lt;tag|digest&gt;</c> or <c>/v2/&lt;name&gt;/blobs/&lt;digest&gt;</c>.</summary>
/// <remarks>Grammar: OCI distribution specification 1.1, "Pulling manifests" and "Pulling blobs".</remarks>
internal sealed partial record RegistryPath(string Repository, ContentKind Kind, RegistryReference Reference)
{
    /// <summary>The longest repository name taken, in characters. Registries agree on 255 for host and name together.</summary>
    public const int MaxRepositoryLength = 255;

    /// <summary>Reads a request path.</summary>
    /// <param name="path">The path, percent-decoded, with its leading slash.</param>
    /// <param name="result">The parts, when the path is well formed.</param>
    /// <param name="error">Otherwise what is wrong with it.</param>
    public static bool TryParse(string path, [NotNullWhen(true)] out RegistryPath? result, [NotNullWhen(false)] out RegistryError? error)
    {
        result = null;
        error = null;
        if (!path.StartsWith("/v2/", StringComparison.Ordinal))
        {
            error = RegistryError.NotFound("a pull path begins with /v2/");
            return false;
        }

        var rest = path.AsSpan(4);
        var slash = rest.LastIndexOf('/');
        var reference = slash < 0 ? default : rest[(slash + 1)..];
        var kindSlash = slash < 0 ? -1 : rest[..slash].LastIndexOf('/');
        if (kindSlash <= 0 || TryReadKind(rest[(kindSlash + 1)..slash]) is not { } kind)
        {
            error = RegistryError.NotFound("a pull path is /v2/<name>/manifests/<tag|digest> or /v2/<name>/blobs/<digest>");
            return false;
        }

        var repository = rest[..kindSlash];
        if (repository.Length > MaxRepositoryLength || !RepositoryGrammar().IsMatch(repository))
        {
            error = RegistryError.NameInvalid(repository);
            return false;
        }

        if (!TryReadReference(kind, reference, out var parsed, out error))
        {
            return false;
        }

        result = new RegistryPath(repository.ToString(), kind, parsed);
        return true;
    }

    /// <summary>The path as a request carries it, without query.</summary>
    public override string ToString() => $"/v2/{Repository}/{(Kind == ContentKind.Manifest ? "manifests" : "blobs")}/{Reference}";

    private static ContentKind? TryReadKind(ReadOnlySpan<char> word) => word switch
    {
        "manifests" => ContentKind.Manifest,
        "blobs" => ContentKind.Blob,
        _ => null,
    };

    private static bool TryReadReference(
        ContentKind kind, ReadOnlySpan<char> text, out RegistryReference reference, [NotNullWhen(false)] out RegistryError? error)
    {
        reference = default;
        error = null;
        if (Digest.TryParse(text, out var digest))
        {
            reference = new RegistryReference(digest, null);
            return true;
        }

        if (kind == ContentKind.Manifest && TagGrammar().IsMatch(text))
        {
            reference = new RegistryReference(null, text.ToString());
            return true;
        }

        error = kind == ContentKind.Manifest && !text.Contains(':')
            ? RegistryError.TagInvalid(text)
            : RegistryError.DigestInvalid(text);
        return false;
    }

    [GeneratedRegex(@"^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex RepositoryGrammar();

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex TagGrammar();
}
