using System.Reflection;

namespace Peili.Flavors;

/// <summary>Every flavor, highest priority first.</summary>
public sealed class FlavorCatalog
{
    private const string UnknownName = "unknown";

    private FlavorCatalog(IReadOnlyList<Flavor> flavors) => Flavors = flavors;

    /// <summary>The flavors, highest priority first.</summary>
    public IReadOnlyList<Flavor> Flavors { get; }

    /// <summary>The flavor of a node that no other flavor's rules match.</summary>
    public Flavor Unknown => Get(UnknownName);

    /// <summary>Reads the flavors that the library carries.</summary>
    /// <exception cref="FlavorException">A file is wrong.</exception>
    public static FlavorCatalog Load()
    {
        var assembly = typeof(FlavorCatalog).Assembly;
        return Create(assembly.GetManifestResourceNames().Select(name => FlavorFile.Parse(name, ReadResource(assembly, name))));
    }

    /// <summary>Makes a catalog of these flavors.</summary>
    /// <exception cref="FlavorException">Two have the same name or priority, or <c>unknown</c> is missing.</exception>
    public static FlavorCatalog Create(IEnumerable<Flavor> flavors)
    {
        List<Flavor> sorted = [.. flavors.OrderByDescending(flavor => flavor.Priority)];
        foreach (var (first, second) in sorted.Zip(sorted.Skip(1)))
        {
            if (first.Priority == second.Priority)
            {
                throw new FlavorException($"{first.Name} and {second.Name} both have priority {first.Priority}; priorities must differ");
            }
        }

        if (sorted.GroupBy(flavor => flavor.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new FlavorException($"there are two flavors named {twice.Key}");
        }

        var common = new FlavorCatalog(sorted).Unknown.StepTemplates;
        return new FlavorCatalog([.. sorted.Select(flavor => flavor with { CommonStepTemplates = common })]);
    }

    /// <summary>The flavor of this name.</summary>
    /// <exception cref="FlavorException">There is none; the message lists those there are.</exception>
    public Flavor Get(string name) => Flavors.FirstOrDefault(flavor => flavor.Name == name)
        ?? throw new FlavorException(
            $"\"{name}\" is no flavor; known are {string.Join(", ", Flavors.Select(flavor => flavor.Name).Order(StringComparer.Ordinal))}");

    /// <summary>The flavor of a node by its Node object.</summary>
    public Flavor Detect(NodeFacts node) => Flavors.FirstOrDefault(flavor => flavor.NodeRules.Any(rule => rule.Matches(node))) ?? Unknown;

    /// <summary>The flavor of a node by its files.</summary>
    public Flavor Detect(IHostFacts host) => Flavors.FirstOrDefault(flavor => flavor.HostRules.Any(rule => rule.Matches(host))) ?? Unknown;

    private static string ReadResource(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
