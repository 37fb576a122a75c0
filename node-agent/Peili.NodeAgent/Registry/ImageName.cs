namespace Peili.NodeAgent.Registry;

/// <summary>Names of images as containerd has them: <c>host/repository:tag</c>, spelt out.</summary>
internal static class ImageName
{
    private const string DefaultRegistry = "docker.io";
    private const string DefaultTag = "latest";

    /// <summary>Whether the name is a registry's tag: not an id, not by digest, not without a host.</summary>
    public static bool IsTagged(string name)
    {
        var slash = name.IndexOf('/');
        return slash > 0 && !name.Contains('@') && name.LastIndexOf(':') > name.LastIndexOf('/') && !name.EndsWith(':');
    }

    /// <summary>
    /// Spells out what a person writes, as Docker reads it: <c>redis</c> is <c>docker.io/library/redis:latest</c>. What names a digest
    /// stays as it is.
    /// </summary>
    public static string SpellOut(string reference)
    {
        if (reference.Contains('@') || reference.StartsWith("sha256:", StringComparison.Ordinal))
        {
            return reference;
        }

        var slash = reference.IndexOf('/');
        var first = slash < 0 ? string.Empty : reference[..slash];
        var named = first.Contains('.') || first.Contains(':') || first == "localhost"
            ? reference
            : $"{DefaultRegistry}/{(slash < 0 ? "library/" : string.Empty)}{reference}";
        return named.LastIndexOf(':') > named.LastIndexOf('/') ? named : $"{named}:{DefaultTag}";
    }
}
