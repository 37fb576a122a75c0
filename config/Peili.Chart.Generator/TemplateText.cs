using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Peili.Crds.Generator;

namespace Peili.Chart.Generator;

/// <summary>
/// Writes an object as a template. What depends on values stands in the object as a marker, a word that no manifest has; in the text, each marker becomes its expression,
/// and braces that were in the manifest are quoted, so that Helm leaves them alone.
/// </summary>
internal sealed partial class TemplateText
{
    private readonly List<Func<string, string, string>> _markers = [];

    /// <summary>Part of a text: the expression's value as it is.</summary>
    public string Inline(string expression) => Marker("INLINE", (_, _) => $"{{{{ {expression} }}}}");

    /// <summary>A field whose value is a list or map, and which is left out where that is empty.</summary>
    public string Block(string expression) =>
        Marker("BLOCK", (indent, key) => $"{indent}{{{{- with {expression} }}}}\n{indent}{key}:\n{indent}  {{{{- toYaml . | nindent {indent.Length + 2} }}}}\n{indent}{{{{- end }}}}");

    /// <summary>A field whose value is text, and which is left out where that is empty.</summary>
    public string Optional(string expression) => Marker("BLOCK", (indent, key) => $"{indent}{{{{- with {expression} }}}}\n{indent}{key}: {{{{ . | quote }}}}\n{indent}{{{{- end }}}}");

    /// <summary>An item of a list, left out where the value is empty; the value is a dot in the text.</summary>
    public string Item(string expression, string text) => Marker("ITEM", (indent, _) => $"{indent}{{{{- with {expression} }}}}\n{indent}- {text}\n{indent}{{{{- end }}}}");

    /// <summary>Adds the entries of a map that is a value to a map.</summary>
    public void Merge(JsonObject map, string expression)
    {
        var marker = Marker("MERGE", (indent, _) => $"{indent}{{{{- with {expression} }}}}\n{indent}{{{{- toYaml . | nindent {indent.Length} }}}}\n{indent}{{{{- end }}}}");
        map[marker] = marker;
    }

    /// <summary>The template.</summary>
    public string Write(JsonObject manifest)
    {
        var text = Braces().Replace(Yaml.Write(manifest), braces => $"{{{{ \"{braces.Value}\" }}}}");
        text = Lines().Replace(text, line => Of(line)(line.Groups["indent"].Value, line.Groups["key"].Value));
        return Words().Replace(text, word => Of(word)("", ""));
    }

    private string Marker(string style, Func<string, string, string> write)
    {
        _markers.Add(write);
        return string.Create(CultureInfo.InvariantCulture, $"HELM-{style}-{_markers.Count - 1}-");
    }

    private Func<string, string, string> Of(Match match) => _markers[int.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture)];

    [GeneratedRegex(@"\{\{|\}\}", RegexOptions.NonBacktracking)]
    private static partial Regex Braces();

    [GeneratedRegex(@"(?m)^(?<indent> *)(?:(?<key>[^:\n]+): HELM-BLOCK-(?<number>[0-9]+)-|- HELM-ITEM-(?<number>[0-9]+)-|HELM-MERGE-(?<number>[0-9]+)-: \S+)$", RegexOptions.NonBacktracking)]
    private static partial Regex Lines();

    [GeneratedRegex("HELM-INLINE-(?<number>[0-9]+)-", RegexOptions.NonBacktracking)]
    private static partial Regex Words();
}
