namespace Peili.Containerd.Ingests;

/// <summary>The text in an ingest's <c>ref</c>: <c>&lt;namespace&gt;/&lt;number&gt;/&lt;name&gt;</c>.</summary>
/// <param name="Namespace">Whose pull or import it is.</param>
/// <param name="Name">Its name there, which may have slashes of its own; a pull's is <c>layer-sha256:..</c>, <c>manifest-sha256:..</c> and the like.</param>
internal readonly record struct IngestReference(string Namespace, string Name)
{
    /// <summary>The digest in the name; null when it names none. Nothing has verified it.</summary>
    public Digest? Expected => FindDigest(Name);

    public static bool TryParse(string text, out IngestReference reference)
    {
        var fields = text.Split('/', 3);
        reference = fields is [var owner, _, var name] ? new IngestReference(owner, name) : default;
        return fields.Length == 3;
    }

    public static Digest? FindDigest(string name) =>
        Digest.TryParse(name.AsSpan(name.LastIndexOf('-') + 1), out var digest) ? digest : null;
}
