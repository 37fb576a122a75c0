namespace Peili.Kubernetes.Configuration;

/// <summary>One or several kubeconfig files: clusters, users, and contexts that join them.</summary>
public sealed record KubeConfig
{
    /// <summary>The context that is meant where none is said.</summary>
    public string? CurrentContext { get; init; }

    /// <summary>The names of its contexts.</summary>
    public IEnumerable<string> ContextNames => Contexts.Keys;

    internal IReadOnlyDictionary<string, Func<Cluster>> Clusters { get; init; } = new Dictionary<string, Func<Cluster>>();

    internal IReadOnlyDictionary<string, Func<User>> Users { get; init; } = new Dictionary<string, Func<User>>();

    internal IReadOnlyDictionary<string, Func<KubeContext>> Contexts { get; init; } = new Dictionary<string, Func<KubeContext>>();

    /// <summary>Reads one file.</summary>
    /// <exception cref="KubeConfigException">It cannot be read, or is no kubeconfig.</exception>
    public static KubeConfig Load(string path) => KubeConfigFile.Read(path);

    /// <summary>
    /// Reads what KUBECONFIG names: files, joined by colons. The first to say something counts; files that are missing are left out.
    /// </summary>
    /// <exception cref="KubeConfigException">One cannot be read or is no kubeconfig, or there is none.</exception>
    public static KubeConfig LoadList(string paths)
    {
        var files = paths.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Where(File.Exists).ToList();
        return files.Count == 0
            ? throw new KubeConfigException($"KUBECONFIG names no file that exists: {paths}")
            : files.Select(Load).Aggregate((first, next) => first.Merge(next));
    }

    /// <summary>Reads what kubectl reads where no file is named: what KUBECONFIG names, else ~/.kube/config; null where there is neither.</summary>
    /// <exception cref="KubeConfigException">One cannot be read or is no kubeconfig, or KUBECONFIG names none that exists.</exception>
    public static KubeConfig? LoadDefault()
    {
        if (Environment.GetEnvironmentVariable("KUBECONFIG") is { Length: > 0 } paths)
        {
            return LoadList(paths);
        }

        var file = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kube", "config");
        return File.Exists(file) ? Load(file) : null;
    }

    /// <summary>The cluster, the user and the namespace of a context.</summary>
    /// <param name="context">Its name; null for the current one.</param>
    /// <exception cref="KubeConfigException">It is missing or wrong, or what it names is.</exception>
    public (Cluster Cluster, User User, string Namespace) Resolve(string? context = null)
    {
        var name = context ?? CurrentContext ?? throw new KubeConfigException("the kubeconfig has no current-context: name one");
        var found = Find(Contexts, "context", name);
        return (
            Find(Clusters, "cluster", found.Cluster), found.User is null ? new User() : Find(Users, "user", found.User), found.Namespace ?? "default");
    }

    private static T Find<T>(IReadOnlyDictionary<string, Func<T>> entries, string what, string name) =>
        entries.TryGetValue(name, out var entry)
            ? entry()
            : throw new KubeConfigException($"the kubeconfig has no {what} \"{name}\"; it has: {string.Join(", ", entries.Keys.Order(StringComparer.Ordinal))}");

    private KubeConfig Merge(KubeConfig next) => new()
    {
        CurrentContext = CurrentContext ?? next.CurrentContext,
        Clusters = Union(Clusters, next.Clusters),
        Users = Union(Users, next.Users),
        Contexts = Union(Contexts, next.Contexts),
    };

    private static Dictionary<string, T> Union<T>(IReadOnlyDictionary<string, T> first, IReadOnlyDictionary<string, T> next) =>
        first.Concat(next.Where(entry => !first.ContainsKey(entry.Key))).ToDictionary();
}
