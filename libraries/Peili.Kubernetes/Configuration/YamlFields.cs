using System.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Peili.Kubernetes.Configuration;

/// <summary>The fields of one mapping of a kubeconfig. Fields that nobody asks for are left alone, as every client does.</summary>
internal sealed class YamlFields
{
    private readonly string _file;
    private readonly YamlNode _node;
    private readonly string _path;

    public YamlFields(string file, string path, YamlNode node)
    {
        (_file, _path, _node) = (file, path, node);
        if (node is not (YamlMappingNode or YamlScalarNode { Value: null or "" or "~" or "null" }))
        {
            throw WrongAt(path, "must be a mapping");
        }
    }

    private YamlMappingNode? Mapping => _node as YamlMappingNode;

    public string? Optional(string name) => Find(name) switch
    {
        null => null,
        YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" } => null,
        YamlScalarNode { Value.Length: 0 } => null,
        YamlScalarNode scalar => scalar.Value,
        _ => throw Wrong(name, "must be text"),
    };

    public string Required(string name) => Optional(name) ?? throw Wrong(name, "must be set");

    public bool Flag(string name) => Optional(name) switch
    {
        null or "false" => false,
        "true" => true,
        _ => throw Wrong(name, "must be true or false"),
    };

    public Uri? Address(string name) => Optional(name) is { } text
        ? Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Host.Length > 0 ? address : throw Wrong(name, "must be a URL with a host")
        : null;

    /// <summary>A path, relative to the file's own folder.</summary>
    public string? PathTo(string name) =>
        Optional(name) is { } path ? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(_file))!, path) : null;

    /// <summary>Text in base64.</summary>
    public string? Data(string name)
    {
        try
        {
            return Optional(name) is { } text ? Encoding.UTF8.GetString(Convert.FromBase64String(text)) : null;
        }
        catch (FormatException exception)
        {
            throw new KubeConfigException(Wrong(name, "must be base64").Message, exception);
        }
    }

    public YamlFields? Child(string name) => Find(name) is { } node ? new YamlFields(_file, At(name), node) : null;

    public IEnumerable<YamlFields> Children(string name) => Items(name).Select((item, index) => new YamlFields(_file, $"{At(name)}[{index}]", item));

    public IReadOnlyList<string> Texts(string name) =>
        [.. Items(name).Select(item => item is YamlScalarNode { Value: { } value } ? value : throw Wrong(name, "must be a list of texts"))];

    public IEnumerable<string> Names => Mapping?.Children.Keys.OfType<YamlScalarNode>().Select(key => key.Value ?? "") ?? [];

    public KubeConfigException Wrong(string name, string message) => WrongAt(At(name), message);

    private KubeConfigException WrongAt(string path, string message) => new($"{_file}:{_node.Start.Line}: {path} {message}");

    private string At(string name) => _path.Length == 0 ? name : $"{_path}.{name}";

    private YamlNode? Find(string name) =>
        Mapping is { } mapping && mapping.Children.TryGetValue(new YamlScalarNode(name), out var node) ? node : null;

    private YamlSequenceNode Items(string name) => Find(name) switch
    {
        null or YamlScalarNode { Value: null or "" or "~" or "null" } => new YamlSequenceNode(),
        YamlSequenceNode list => list,
        _ => throw Wrong(name, "must be a list"),
    };
}
