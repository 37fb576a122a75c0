using System.Text.RegularExpressions;
using Peili.Containerd;

namespace Peili.NodeAgent.Registry;

/// <summary>What may be mirrored: the registries of <c>--registry</c>, less what a <c>--filter</c> matches.</summary>
internal sealed class RegistryPolicy(IEnumerable<string> registries, IEnumerable<Regex> filters)
{
    private readonly HashSet<string> _registries = new(registries, StringComparer.OrdinalIgnoreCase);
    private readonly Regex[] _filters = [.. filters];

    private bool IsUnrestricted => _registries.Count == 0 && _filters.Length == 0;

    /// <summary>Checks what a request says it wants. Null when it may be answered.</summary>
    public RegistryError? Check(ContentRequest request)
    {
        if (request.Registry is not { } registry)
        {
            return null;
        }

        if (_registries.Count > 0 && !_registries.Contains(registry))
        {
            return RegistryError.RegistryRefused(registry);
        }

        return Matches(request.QualifiedName) ? RegistryError.Filtered() : null;
    }

    /// <summary>
    /// Checks a local blob against the names its images have, so that asking for a digest under another name, or under none, opens nothing.
    /// A blob that several images share is served when one of them may be.
    /// </summary>
    public RegistryError? Check(ContentRequest request, Digest digest, IReadOnlyCollection<string> names)
    {
        if (IsUnrestricted || names.Any(name => Allows(name, digest)))
        {
            return null;
        }

        return names.Count == 0 && request.Registry is not null ? null : RegistryError.Filtered();
    }

    /// <summary>Whether other nodes are told of a blob: one that belongs to no image yet counts by where it was pulled from.</summary>
    public bool Announces(Digest digest, ImageStoreSnapshot snapshot) =>
        IsUnrestricted || snapshot.NamesOf(digest).Any(name => Allows(name, digest));

    /// <summary>Whether an image may be mirrored under this name.</summary>
    public bool Allows(string name, Digest digest)
    {
        // CRI names every image it pulls a second time, by its id, sha256:...; no filter would ever match that.
        if (Digest.TryParse(name, out _))
        {
            return false;
        }

        var (repository, host) = Split(name);
        return (_registries.Count == 0 || (host is not null && _registries.Contains(host)))
            && !Matches(name)
            && !Matches($"{repository}@{digest}");
    }

    private bool Matches(string name) => _filters.Any(filter => filter.IsMatch(name));

    /// <summary>Takes <c>host/repository:tag</c> or <c>host/repository@digest</c> apart; a name without a host keeps none.</summary>
    private static (string Repository, string? Host) Split(string name)
    {
        var at = name.IndexOf('@');
        var end = at >= 0 ? at : name.LastIndexOf(':') is var colon && colon > name.LastIndexOf('/') ? colon : name.Length;
        var slash = name.IndexOf('/');
        return (name[..end], slash < 0 ? null : name[..slash]);
    }
}
