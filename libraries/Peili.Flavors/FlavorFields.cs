using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Peili.Flavors;

/// <summary>The fields of one mapping of a flavor file; whatever is not asked for is refused by <see cref="Done"/>.</summary>
internal sealed class FlavorFields
{
    private readonly string _file;
    private readonly string _path;
    private readonly YamlNode _node;
    private readonly Dictionary<string, YamlNode> _left = new(StringComparer.Ordinal);

    public FlavorFields(string file, string path, YamlNode node)
    {
        (_file, _path, _node) = (file, path, node);
        foreach (var (key, value) in node as YamlMappingNode ?? throw Wrong(node, path, "must be a mapping"))
        {
            _left[key is YamlScalarNode { Value: { } name } ? name : throw Wrong(key, path, "must have plain keys")] = value;
        }
    }

    public string? Optional(string name) => _left.Remove(name, out var node) ? Scalar(node, At(name)) : null;

    public string Required(string name) => Optional(name) ?? throw Wrong(_node, At(name), "must be set");

    public int RequiredNumber(string name)
    {
        var line = _left.GetValueOrDefault(name) ?? _node;
        return int.TryParse(Required(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number : throw Wrong(line, At(name), "must be a whole number");
    }

    public T RequiredOneOf<T>(string name)
        where T : struct, Enum
    {
        var line = _left.GetValueOrDefault(name) ?? _node;
        return OneOf<T>(line, At(name), Required(name));
    }

    /// <summary>One word under a name, or a list of them under another.</summary>
    public IReadOnlyList<T> OneOrMoreOf<T>(string one, string several)
        where T : struct, Enum =>
        _left.ContainsKey(several) ? [.. Items(several).Select(item => OneOf<T>(item.Node, item.Path, Scalar(item.Node, item.Path)))] : [RequiredOneOf<T>(one)];

    public IReadOnlyList<string> Strings(string name) => [.. Items(name).Select(item => Scalar(item.Node, item.Path))];

    public IReadOnlyList<FlavorFields> Mappings(string name) => [.. Items(name).Select(item => new FlavorFields(_file, item.Path, item.Node))];

    public FlavorFields Mapping(string name) =>
        _left.Remove(name, out var node) ? new FlavorFields(_file, At(name), node) : throw Wrong(_node, At(name), "must be set");

    /// <summary>Every field, for mappings whose keys are not fixed.</summary>
    public IReadOnlyList<string> Names => [.. _left.Keys];

    public void Done()
    {
        if (_left.FirstOrDefault() is { Value: { } node, Key: { } name })
        {
            throw Wrong(node, At(name), "is no field of a flavor file");
        }
    }

    public FlavorException Wrong(string name, string message) => Wrong(_node, At(name), message);

    private IEnumerable<(YamlNode Node, string Path)> Items(string name)
    {
        if (!_left.Remove(name, out var node))
        {
            return [];
        }

        return node is YamlSequenceNode list
            ? list.Select((item, index) => (item, $"{At(name)}[{index}]"))
            : throw Wrong(node, At(name), "must be a list");
    }

    private T OneOf<T>(YamlNode line, string path, string value)
        where T : struct, Enum =>
        Enum.GetNames<T>().Contains(value, StringComparer.Ordinal)
            ? Enum.Parse<T>(value) : throw Wrong(line, path, $"is \"{value}\", must be one of {string.Join(", ", Enum.GetNames<T>())}");

    private string Scalar(YamlNode node, string path) =>
        node is YamlScalarNode { Value: { } value } ? value : throw Wrong(node, path, "must be a plain value");

    private string At(string name) => _path.Length == 0 ? name : $"{_path}.{name}";

    private FlavorException Wrong(YamlNode node, string path, string message) => Wrong(_file, node.Start, $"{path} {message}".TrimStart());

    internal static FlavorException Wrong(string file, Mark at, string message) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{file}:{at.Line}: {message}"));
}
