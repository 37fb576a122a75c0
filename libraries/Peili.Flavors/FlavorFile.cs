using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Peili.Flavors;

/// <summary>Reads and checks one flavor file.</summary>
public static class FlavorFile
{
    /// <summary>Reads a flavor from YAML text.</summary>
    /// <exception cref="FlavorException">It is not a flavor file; the message names file, line and field.</exception>
    public static Flavor Parse(string file, string text)
    {
        var yaml = new YamlStream();
        try
        {
            yaml.Load(new StringReader(text));
        }
        catch (YamlException exception)
        {
            throw new FlavorException(FlavorFields.Wrong(file, exception.Start, exception.Message).Message, exception);
        }
        catch (InvalidOperationException exception)
        {
            // What YamlDotNet throws, without a place, at brackets that are never closed.
            throw new FlavorException($"{file}: is not YAML", exception);
        }

        return yaml.Documents is [{ RootNode: var root }]
            ? Read(new FlavorFields(file, "", root), Path.GetFileNameWithoutExtension(file))
            : throw new FlavorException($"{file}:1: must be one YAML document");
    }

    private static Flavor Read(FlavorFields fields, string fileName)
    {
        var flavor = new Flavor
        {
            Name = fields.Required("name"),
            Title = fields.Required("title"),
            Priority = fields.RequiredNumber("priority"),
            NodeRules = [.. fields.Mappings("node").Select(rule => Rule(rule, IsNodeField))],
            HostRules = [.. fields.Mappings("host").Select(rule => Rule(rule, IsHostField))],
            Paths = ReadPaths(fields.Mapping("paths")),
            Restart = fields.Optional("restart"),
            Remediation = ReadRemediation(fields.Mapping("remediation")),
            Verdict = fields.RequiredOneOf<FlavorVerdict>("verdict"),
            Why = fields.Required("why"),
            RegistryAuth = fields.Required("registryAuth") switch
            {
                "header" => true,
                "none" => false,
                _ => throw fields.Wrong("registryAuth", "must be header or none"),
            },
            PodSecurity = fields.Required("podSecurity"),
            StepTemplates = [.. fields.Mappings("steps").SelectMany(ReadSteps)],
            Outdated = fields.Optional("outdated"),
            Confidence = fields.RequiredOneOf<FlavorConfidence>("confidence"),
            Sources = fields.Strings("sources"),
        };
        fields.Done();
        if (flavor.Name != fileName)
        {
            throw fields.Wrong("name", $"is \"{flavor.Name}\", must be the file's name, \"{fileName}\"");
        }

        return flavor;
    }

    private static FlavorPaths ReadPaths(FlavorFields fields)
    {
        var paths = new FlavorPaths(
            ReadPath(fields, "socket"), ReadPath(fields, "config"), ReadPath(fields, "dropIns"), ReadPath(fields, "hosts"), ReadPath(fields, "root"),
            ReadPath(fields, "state"));
        fields.Done();
        return paths;
    }

    private static string? ReadPath(FlavorFields fields, string name)
    {
        var path = fields.Optional(name);
        return path is null || path.StartsWith('/') ? path : throw fields.Wrong(name, "must be an absolute path");
    }

    private static FlavorRemediation ReadRemediation(FlavorFields fields)
    {
        var remediation = new FlavorRemediation
        {
            Edits = fields.RequiredOneOf<RemediationKind>("edits"),
            Path = ReadPath(fields, "path"),
            Units = fields.Strings("units"),
            BootFile = ReadPath(fields, "bootFile"),
            BootSnippets = ReadSnippets(fields, "bootText", "bootTexts"),
            Why = fields.Optional("why"),
        };
        fields.Done();
        if (remediation.Edits == RemediationKind.None != remediation.Why is not null)
        {
            throw fields.Wrong("why", "must be set when nothing is edited, and only then");
        }

        if (remediation.Edits == RemediationKind.DropIn != remediation.Path is not null)
        {
            throw fields.Wrong("path", "must be set for a drop-in, and only for one");
        }

        return remediation.BootFile is null == (remediation.BootSnippets.Count == 0)
            ? remediation
            : throw fields.Wrong("bootFile", "must be set together with bootText or bootTexts");
    }

    private static IEnumerable<FlavorStep> ReadSteps(FlavorFields fields)
    {
        IReadOnlyList<Finding> findings = fields.OneOrMoreOf<Finding>("finding", "findings");
        var text = fields.Required("text");
        var snippets = ReadSnippets(fields, "snippet", "snippets");
        fields.Done();
        return findings.Select(finding => new FlavorStep(finding, text, snippets));
    }

    /// <summary>One text for every version of the configuration, or one for each from a version on.</summary>
    private static List<FlavorSnippet> ReadSnippets(FlavorFields fields, string one, string several)
    {
        if (fields.Optional(one) is { } text)
        {
            return [new FlavorSnippet(0, text)];
        }

        var snippets = new List<FlavorSnippet>();
        foreach (var item in fields.Mappings(several))
        {
            snippets.Add(new FlavorSnippet(item.RequiredNumber("config"), item.Required("text")));
            item.Done();
        }

        return snippets.Zip(snippets.Skip(1)).All(pair => pair.First.Config < pair.Second.Config)
            ? snippets
            : throw fields.Wrong(several, "must be in the order of their versions");
    }

    private static bool IsNodeField(string name) => FlavorRule.NodeFields.Contains(name)
        || name.StartsWith(FlavorRule.Label, StringComparison.Ordinal) || name.StartsWith(FlavorRule.Annotation, StringComparison.Ordinal);

    private static bool IsHostField(string name) => name.StartsWith(FlavorRule.File + "/", StringComparison.Ordinal);

    private static FlavorRule Rule(FlavorFields fields, Func<string, bool> isField)
    {
        var patterns = new List<KeyValuePair<string, Regex>>();
        foreach (var name in fields.Names.Where(isField))
        {
            patterns.Add(new(name, Pattern(fields, name)));
        }

        fields.Done();
        return new FlavorRule(patterns);
    }

    private static Regex Pattern(FlavorFields fields, string name)
    {
        const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Multiline;
        try
        {
            return new Regex(fields.Required(name), Options, TimeSpan.FromSeconds(1));
        }
        catch (ArgumentException exception)
        {
            throw fields.Wrong(name, "is no pattern: " + exception.Message);
        }
    }
}
