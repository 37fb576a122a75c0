using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Peili.Crds.Generator;

/// <summary>The summaries of the records, from the file that the compiler writes of them.</summary>
internal static partial class Documentation
{
    private static readonly Dictionary<string, XElement?> s_summaries = XDocument.Load(Path.ChangeExtension(typeof(RegistryMirror).Assembly.Location, "xml"))
        .Descendants("member")
        .ToDictionary(member => member.Attribute("name")!.Value, member => member.Element("summary"), StringComparer.Ordinal);

    /// <summary>What a record is.</summary>
    public static string Of(Type type) => Find($"T:{type.FullName}");

    /// <summary>What a field of a record is.</summary>
    public static string Of(PropertyInfo property) => Find($"P:{property.DeclaringType!.FullName}.{property.Name}");

    private static string Find(string member) => Text(s_summaries.GetValueOrDefault(member)) is { Length: > 0 } text
        ? text
        : throw new InvalidOperationException($"{member} has no summary");

    private static string Text(XElement? summary) => Blanks().Replace(string.Concat(summary?.Nodes().Select(Text) ?? []), " ").Trim();

    private static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "c" } code => code.Value,
        var other => throw new InvalidOperationException($"{other} cannot stand in a description; <c> can"),
    };

    [GeneratedRegex(@"\s+", RegexOptions.NonBacktracking)]
    private static partial Regex Blanks();
}
