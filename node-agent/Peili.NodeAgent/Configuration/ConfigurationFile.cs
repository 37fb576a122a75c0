using Peili.NodeAgent.Commands;
using YamlDotNet.RepresentationModel;

namespace Peili.NodeAgent.Configuration;

/// <summary>The YAML file of <c>--config</c>: a mapping of option names without dashes to a value, or to a list where an option may be repeated.</summary>
/// <remarks>A mirror may be a mapping of its own, see <see cref="MirrorYaml"/>.</remarks>
internal sealed class ConfigurationFile
{
    private const string Mirror = "mirror";

    private readonly string _path;
    private readonly YamlFile _yaml;
    private readonly Dictionary<string, IReadOnlyList<string>> _values = new(StringComparer.Ordinal);

    private ConfigurationFile(string path)
    {
        _path = path;
        _yaml = new YamlFile($"--config {path}");
    }

    /// <summary>Reads the file.</summary>
    /// <exception cref="UsageException">It is not there, or not such a mapping; the message names file and line.</exception>
    public static ConfigurationFile Read(string path)
    {
        var file = new ConfigurationFile(path);
        if (file._yaml.Load(path) is { } root)
        {
            file.Add(root);
        }

        return file;
    }

    public IReadOnlyList<string> ValuesOf(string option) => _values.GetValueOrDefault(option) ?? [];

    /// <summary>A misspelt key would otherwise be ignored without a word.</summary>
    /// <exception cref="UsageException">A key is not among <paramref name="known"/>.</exception>
    public void RefuseUnknown(IReadOnlyCollection<string> known)
    {
        if (_values.Keys.FirstOrDefault(key => !known.Contains(key)) is { } unknown)
        {
            throw new UsageException($"--config {_path}: \"{unknown}\" is no option of peili-agent");
        }
    }

    private void Add(YamlNode root)
    {
        if (root is not YamlMappingNode mapping)
        {
            throw _yaml.Wrong(root, "must be a mapping of option names to values");
        }

        foreach (var (key, value) in mapping)
        {
            var option = _yaml.Scalar(key);
            _values[option] = value is YamlSequenceNode list ? [.. list.Select(item => ValueOf(option, item))] : [ValueOf(option, value)];
        }
    }

    private string ValueOf(string option, YamlNode node) =>
        option == Mirror && node is YamlMappingNode ? MirrorYaml.Read(_yaml, node).ToJson() : _yaml.Scalar(node);
}
