namespace Peili.Overlay.ColdStart;

/// <summary>
/// A parent's decisions: whom it lets stream from it. It takes another child while all it has keep up with it, so that none of them is served
/// worse than it could be elsewhere; who is refused is told of children to ask instead. Safe for use by many threads.
/// </summary>
/// <param name="mostUploads">How many children at once, over all blobs.</param>
public sealed class Admission(int mostUploads = Admission.DefaultMostUploads)
{
    /// <summary>What <c>mostUploads</c> is where it is not said.</summary>
    public const int DefaultMostUploads = 16;

    /// <summary>Nodes between an origin and its farthest descendant, at most.</summary>
    public const int MaximumDepth = 16;

    /// <summary>So many are taken before anybody can be seen to keep up or not.</summary>
    private const int UnconditionalUploads = 4;

    private const int NamedInstead = 3;

    /// <summary>A child so many bytes behind does not keep up.</summary>
    private const long KeepsUpWithin = 8 * 1024 * 1024;

    private readonly Lock gate = new();
    private readonly List<Upload> uploads = [];

    /// <summary>Children that stream at this moment.</summary>
    public int Count
    {
        get
        {
            lock (gate)
            {
                return uploads.Count;
            }
        }
    }

    /// <summary>The nodes that stream a blob from this one at this moment.</summary>
    public IReadOnlyList<string> ChildrenOf(DirectoryKey key)
    {
        lock (gate)
        {
            return [.. uploads.Where(upload => upload.Key == key).Select(upload => upload.Child)];
        }
    }

    /// <summary>Takes a child, or says why not.</summary>
    /// <param name="child">The node that asks.</param>
    /// <param name="key">The blob.</param>
    /// <param name="offset">Where it wants to begin.</param>
    /// <param name="mark">How many bytes this node has, at any later moment too.</param>
    /// <param name="path">The nodes from the origin down to this one, itself left out.</param>
    public AdmissionAnswer TryAdmit(string child, DirectoryKey key, long offset, Func<long> mark, IReadOnlyList<string> path)
    {
        ArgumentNullException.ThrowIfNull(mark);
        ArgumentNullException.ThrowIfNull(path);
        lock (gate)
        {
            if (path.Count >= MaximumDepth || path.Contains(child))
            {
                return new AdmissionAnswer(AdmissionVerdict.Loop, null, []);
            }

            if (uploads.Count >= mostUploads || (uploads.Count >= UnconditionalUploads && uploads.Exists(static upload => IsBehind(upload))))
            {
                return new AdmissionAnswer(AdmissionVerdict.Full, null, NameOthers(child, key, offset));
            }

            var upload = new Upload(this, child, key, offset, mark);
            uploads.Add(upload);
            return new AdmissionAnswer(AdmissionVerdict.Admitted, upload, []);
        }
    }

    internal void Remove(Upload upload)
    {
        lock (gate)
        {
            uploads.Remove(upload);
        }
    }

    private static bool IsBehind(Upload upload) => upload.Mark - upload.Sent > KeepsUpWithin;

    /// <summary>Children that are ahead of the asker, those first that were named least.</summary>
    private string[] NameOthers(string child, DirectoryKey key, long offset)
    {
        var others = uploads.Where(upload => upload.Key == key && upload.Child != child && upload.Sent > offset).OrderBy(upload => upload.TimesNamed).Take(NamedInstead).ToArray();
        foreach (var other in others)
        {
            other.TimesNamed++;
        }

        return [.. others.Select(upload => upload.Child)];
    }
}
