using System.Diagnostics;
using System.Runtime.CompilerServices;
using Peili.Containerd;
using Peili.Containerd.Configuration;
using Peili.Flavors;
using Peili.NodeAgent.Checks;
using Peili.NodeAgent.Hosting;
using YamlDotNet.RepresentationModel;

namespace Peili.NodeAgent.Tests.Flavors;

/// <summary>A copy of one of the hosts beside this file, which a test may change.</summary>
internal sealed class GoldenHost : IDisposable
{
    private static readonly FlavorCatalog Catalog = FlavorCatalog.Load();

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("peili-golden-");
    private readonly YamlMappingNode _expected;

    public GoldenHost(string name)
    {
        var source = Path.Combine(Folder(), name);
        Process.Start("cp", ["-a", Path.Combine(source, "root"), _folder.FullName]).WaitForExit();
        var yaml = new YamlStream();
        yaml.Load(new StringReader(File.ReadAllText(Path.Combine(source, "expected.yaml"))));
        _expected = (YamlMappingNode)yaml.Documents[0].RootNode;
        Root = new HostRoot(Path.Combine(_folder.FullName, "root"));
        var named = Text("named") == "true";
        Flavor = named ? Catalog.Get(Text("flavor")!) : Catalog.Detect(new HostFacts(Root));
    }

    public static IEnumerable<string> Names => Directory.EnumerateDirectories(Folder()).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal);

    public HostRoot Root { get; }

    /// <summary>As the host's files tell it.</summary>
    public Flavor Flavor { get; }

    public ReleaseNumber? Release => ReleaseNumber.TryParse(Text("containerd"), out var release) ? release : null;

    public string ExpectedFlavor => Text("flavor")!;

    public FlavorVerdict ExpectedVerdict => Enum.Parse<FlavorVerdict>(Text("verdict")!);

    public IReadOnlyList<string> ExpectedFindings => [.. ((YamlSequenceNode)_expected["findings"]).Select(finding => ((YamlScalarNode)finding).Value!)];

    /// <summary>What one of the remedies says; null where nothing is to be done.</summary>
    public string? ExpectedRemedy => Text("remedy");

    public string StatePath => Path.Combine(_folder.FullName, "state");

    public CheckReport Check() => NodeCheck.Run(new NodeUnderCheck
    {
        Host = Root,
        Flavor = Flavor,
        Release = Release,
        SocketPath = Flavor.Paths.Socket ?? "",
        ConfigFile = Flavor.Paths.Config ?? "",
        HostsDirectory = Flavor.Paths.Hosts ?? "",
        Agent = new Uri("http://127.0.0.1:29950"),
    });

    public string Read(string path) => File.ReadAllText(Root.At(path));

    public void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Root.At(path))!);
        File.WriteAllText(Root.At(path), text);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string? Text(string key) => _expected.Children.TryGetValue(key, out var value) ? ((YamlScalarNode)value).Value : null;

    private static string Folder([CallerFilePath] string source = "") => Path.Combine(Path.GetDirectoryName(source)!, "Hosts");
}
