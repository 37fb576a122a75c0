using System.Text.RegularExpressions;

namespace Peili.Flavors;

/// <summary>One way to recognise a flavor: every pattern must match.</summary>
/// <param name="Patterns">Field (a label and an annotation as <c>label:key</c>, a file as <c>file:path</c>) and its pattern.</param>
internal sealed record FlavorRule(IReadOnlyList<KeyValuePair<string, Regex>> Patterns)
{
    public const string Label = "label:";
    public const string Annotation = "annotation:";
    public const string File = "file:";
    private const int MaxFileLength = 64 * 1024;

    /// <summary>The fields of a Node object that a rule may name, besides labels and annotations.</summary>
    public static readonly IReadOnlyList<string> NodeFields = ["providerID", "osImage", "containerRuntimeVersion", "kubeletVersion", "name"];

    public bool Matches(NodeFacts node) => Patterns.All(pattern => Value(node, pattern.Key) is { } value && pattern.Value.IsMatch(value));

    /// <summary>An empty pattern asks only whether the path is there.</summary>
    public bool Matches(IHostFacts host) => Patterns.All(pattern =>
    {
        var path = pattern.Key[File.Length..];
        return pattern.Value.ToString().Length == 0
            ? host.FileExists(path)
            : host.ReadText(path, MaxFileLength) is { } text && pattern.Value.IsMatch(text);
    });

    private static string? Value(NodeFacts node, string field) => field switch
    {
        "providerID" => node.ProviderId,
        "osImage" => node.OsImage,
        "containerRuntimeVersion" => node.ContainerRuntimeVersion,
        "kubeletVersion" => node.KubeletVersion,
        "name" => node.Name,
        _ when field.StartsWith(Label, StringComparison.Ordinal) => node.Labels.GetValueOrDefault(field[Label.Length..]),
        _ => node.Annotations.GetValueOrDefault(field[Annotation.Length..]),
    };
}
