using Peili.NodeAgent.Commands;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Peili.NodeAgent.Configuration;

/// <summary>The YAML file of <c>--config</c>: a mapping of option names without dashes to a value, or to a list where an option may be repeated.</summary>
internal sealed class ConfigurationFile
{
    private const int MaxLength = 1024 * 1024;

    private readonly string _path;
    private readonly Dictionary<string, IReadOnlyList<string>> _values = new(StringComparer.Ordinal);

    private ConfigurationFile(string path) => _path = path;

    /// <summary>Reads the file.</summary>
    /// <exception cref="UsageException">It is not there, or not such a mapping; the message names file and line.</exception>
    public static ConfigurationFile Read(string path)
    {
        var file = new ConfigurationFile(path);
        try
        {
            if (new FileInfo(path).Length > MaxLength)
            {
                throw new UsageException($"--config {path}: must be at most {MaxLength} bytes");
            }

            using var reader = new StreamReader(path);
            var yaml = new YamlStream();
            yaml.Load(reader);
            if (yaml.Documents is [{ RootNode: var root }, ..])
            {
                file.Add(root);
            }
        }
        catch (YamlException exception)
        {
            throw new UsageException($"--config {path}:{exception.Start.Line}:{exception.Start.Column}: {exception.Message}");
        }
        catch (InvalidOperationException)
        {
            // What YamlDotNet throws, without a place, where the text ends within brackets.
            throw new UsageException($"--config {path}: a bracket or brace is never closed");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--config {path}: {exception.Message}");
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
            throw Wrong(root, "must be a mapping of option names to values");
        }

        foreach (var (key, value) in mapping)
        {
            _values[Scalar(key)] = value is YamlSequenceNode list ? [.. list.Select(Scalar)] : [Scalar(value)];
        }
    }

    private string Scalar(YamlNode node) => node is YamlScalarNode { Value: { } value } ? value : throw Wrong(node, "must be a plain value");

    private UsageException Wrong(YamlNode node, string message) => new($"--config {_path}:{node.Start.Line}:{node.Start.Column}: {message}");
}
