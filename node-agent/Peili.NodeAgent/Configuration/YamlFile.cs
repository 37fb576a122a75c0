using Peili.NodeAgent.Commands;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Peili.NodeAgent.Configuration;

/// <summary>A YAML file that an option names; what is wrong in it is told by file, line and column.</summary>
/// <param name="name">The option and the file, for messages.</param>
internal sealed class YamlFile(string name)
{
    private const int MaxLength = 1024 * 1024;

    /// <summary>Reads the file's first document; null when it is empty.</summary>
    /// <exception cref="UsageException">It is not there, or not YAML.</exception>
    public YamlNode? Load(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaxLength)
            {
                throw new UsageException($"{name}: must be at most {MaxLength} bytes");
            }

            using var reader = new StreamReader(path);
            var yaml = new YamlStream();
            yaml.Load(reader);
            return yaml.Documents is [{ RootNode: var root }, ..] ? root : null;
        }
        catch (YamlException exception)
        {
            throw new UsageException($"{name}:{exception.Start.Line}:{exception.Start.Column}: {exception.Message}");
        }
        catch (InvalidOperationException)
        {
            // What YamlDotNet throws, without a place, where the text ends within brackets.
            throw new UsageException($"{name}: a bracket or brace is never closed");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{name}: {exception.Message}");
        }
    }

    /// <summary>A mapping's keys and values; none where there is nothing.</summary>
    /// <param name="node">The mapping.</param>
    /// <param name="known">The keys it may have; none for any.</param>
    public IReadOnlyList<(string Key, YamlNode Value)> Mapping(YamlNode node, params ReadOnlySpan<string> known)
    {
        if (IsNothing(node))
        {
            return [];
        }

        if (node is not YamlMappingNode mapping)
        {
            throw Wrong(node, "must be a mapping of names to values");
        }

        var entries = new List<(string, YamlNode)>();
        foreach (var (key, value) in mapping)
        {
            var text = Scalar(key);
            if (!known.IsEmpty && !known.Contains(text))
            {
                throw Wrong(key, $"\"{text}\" is not known here; known are {string.Join(", ", known.ToArray())}");
            }

            entries.Add((text, value));
        }

        return entries;
    }

    /// <summary>A list's values, or the value that stands there alone; none where there is nothing.</summary>
    public static IReadOnlyList<YamlNode> List(YamlNode node) => IsNothing(node) ? [] : node is YamlSequenceNode list ? [.. list] : [node];

    /// <summary>The values of a list of plain values.</summary>
    public string[] Scalars(YamlNode node) => [.. List(node).Select(Scalar)];

    /// <summary>A plain value.</summary>
    public string Scalar(YamlNode node) => node is YamlScalarNode { Value: { } value } ? value : throw Wrong(node, "must be a plain value");

    /// <summary>true or false.</summary>
    public bool Boolean(YamlNode node) => Scalar(node) switch
    {
        "true" => true,
        "false" => false,
        var other => throw Wrong(node, $"must be true or false, not \"{other}\""),
    };

    /// <summary>What is wrong with a node.</summary>
    public UsageException Wrong(YamlNode node, string message) => new($"{name}:{node.Start.Line}:{node.Start.Column}: {message}");

    private static bool IsNothing(YamlNode node) => node is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" };
}
