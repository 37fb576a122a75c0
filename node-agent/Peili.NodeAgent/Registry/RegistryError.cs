using System.Net;

namespace Peili.NodeAgent.Registry;

/// <summary>An error answer of the pull API: HTTP status, OCI error code, and a message for people.</summary>
/// <remarks>
/// Codes: OCI distribution specification 1.1, "Error codes". containerd goes to the next host on every 4xx but 401, 408 and 429,
/// so those three never appear here.
/// </remarks>
internal sealed record RegistryError(HttpStatusCode Status, string Code, string Message)
{
    /// <summary>How much of a client's input an error message repeats, in characters.</summary>
    private const int MaxQuoted = 128;

    public static RegistryError NotFound(string message) => new(HttpStatusCode.NotFound, "UNSUPPORTED", message);

    public static RegistryError Unsupported(string method) =>
        new(HttpStatusCode.MethodNotAllowed, "UNSUPPORTED", $"method {Quote(method)} is not served: this mirror is read-only (GET and HEAD)");

    public static RegistryError NameInvalid(ReadOnlySpan<char> name) => new(
        HttpStatusCode.BadRequest,
        "NAME_INVALID",
        $"repository name \"{Quote(name)}\" must be lower-case path components of a-z, 0-9, '.', '_', '-' and at most {RegistryPath.MaxRepositoryLength} characters");

    public static RegistryError TagInvalid(ReadOnlySpan<char> tag) => new(
        HttpStatusCode.BadRequest, "MANIFEST_INVALID", $"tag \"{Quote(tag)}\" must be 1 to 128 characters of a-z, A-Z, 0-9, '_', '.', '-'");

    public static RegistryError DigestInvalid(ReadOnlySpan<char> digest) => new(
        HttpStatusCode.BadRequest, "DIGEST_INVALID", $"digest \"{Quote(digest)}\" must be sha256: and 64 lower-case hexadecimal digits");

    public static RegistryError NamespaceInvalid(ReadOnlySpan<char> registry) => new(
        HttpStatusCode.BadRequest, "NAME_INVALID", $"ns \"{Quote(registry)}\" must be a registry's host or host:port");

    public static RegistryError NamespaceMissing() => new(
        HttpStatusCode.NotFound, "MANIFEST_UNKNOWN", "a tag is known only with its registry: ask with ?ns=<registry>, or by digest");

    public static RegistryError RegistryRefused(string registry) => new(
        HttpStatusCode.NotFound, "NAME_UNKNOWN", $"registry {registry} is not mirrored by this agent (--registry)");

    public static RegistryError Filtered() => new(HttpStatusCode.NotFound, "NAME_UNKNOWN", "this image is not mirrored (--filter)");

    public static RegistryError Unknown(RegistryPath path, string reason) => new(
        HttpStatusCode.NotFound,
        path.Kind == ContentKind.Manifest ? "MANIFEST_UNKNOWN" : "BLOB_UNKNOWN",
        $"{path.Reference} is not here: {reason}");

    /// <summary>A client's input as far as a message repeats it.</summary>
    public static string Quote(ReadOnlySpan<char> input) =>
        input.Length <= MaxQuoted ? input.ToString() : string.Concat(input[..MaxQuoted], "...");
}
