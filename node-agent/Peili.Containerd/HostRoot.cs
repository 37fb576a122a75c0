namespace Peili.Containerd;

/// <summary>
/// A host's file system: this process' own, or another's that is mounted in a folder. Paths are the host's; symbolic links are followed as the
/// host would, so that none leads out of the folder.
/// </summary>
public class HostRoot
{
    private const int MaxLinks = 40;

    private readonly string _folder;

    /// <summary>Makes one.</summary>
    /// <param name="folder">Where the host's <c>/</c> is, such as <c>/</c> or <c>/host</c>.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public HostRoot(string folder)
    {
        _folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"{folder} is no folder");
        }
    }

    /// <summary>The root of this process itself.</summary>
    public static HostRoot Own { get; } = new("/");

    /// <summary>Whether this is another root than the process' own.</summary>
    public bool IsMounted => _folder.Length > 1;

    /// <summary>Where this process finds a path of the host. Nothing has to be there.</summary>
    /// <param name="path">An absolute path of the host.</param>
    /// <exception cref="IOException">Symbolic links go round in circles.</exception>
    public virtual string At(string path)
    {
        if (!IsMounted)
        {
            return Path.GetFullPath(path);
        }

        var links = 0;
        var resolved = new List<string>();
        var left = new Stack<string>(Steps(path));
        while (left.TryPop(out var step))
        {
            if (step == "..")
            {
                resolved.RemoveRange(Math.Max(0, resolved.Count - 1), Math.Min(1, resolved.Count));
                continue;
            }

            resolved.Add(step);
            if (new FileInfo(Join(resolved)).LinkTarget is { } target)
            {
                if (++links > MaxLinks)
                {
                    throw new IOException($"{path}: too many symbolic links");
                }

                resolved.RemoveRange(target.StartsWith('/') ? 0 : resolved.Count - 1, target.StartsWith('/') ? resolved.Count : 1);
                foreach (var next in Steps(target))
                {
                    left.Push(next);
                }
            }
        }

        return Join(resolved);
    }

    /// <summary>The host's name of a file that <see cref="At"/> or a listing of what it found gave.</summary>
    public string HostPath(string path) => IsMounted ? path[_folder.Length..] : path;

    private string Join(List<string> steps) => $"{(IsMounted ? _folder : string.Empty)}/{string.Join('/', steps)}";

    /// <summary>In reverse, as they are pushed.</summary>
    private static IEnumerable<string> Steps(string path) => path.Split('/').Where(step => step.Length > 0 && step != ".").Reverse();
}
