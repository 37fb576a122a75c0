using Peili.Containerd;

namespace Peili.NodeAgent.Checks;

/// <summary>This process' own host, which remembers what was looked at, and says whether any of that has changed since.</summary>
internal sealed class ObservedHost() : HostRoot("/")
{
    private readonly Dictionary<string, (DateTime WrittenAt, long Length)> _seen = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override string At(string path)
    {
        var real = base.At(path);
        _seen.TryAdd(real, Look(real));
        return real;
    }

    /// <summary>Whether a file or folder that was looked at came, went or was written since. A folder is written when an entry comes or goes.</summary>
    public bool HasChanged()
    {
        foreach (var (path, seen) in _seen)
        {
            if (Look(path) != seen)
            {
                return true;
            }
        }

        return false;
    }

    private static (DateTime WrittenAt, long Length) Look(string path)
    {
        var named = new FileInfo(path);
        var file = named.LinkTarget is null ? named : named.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? named;
        return (file.LastWriteTimeUtc, file.Exists ? file.Length : -1);
    }
}
