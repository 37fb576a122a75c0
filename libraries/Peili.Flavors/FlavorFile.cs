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
            Verdict = fields.RequiredOneOf<FlavorVerdict>("verdict"),
            Why = fields.Required("why"),
            RegistryAuth = fields.Required("registryAuth") switch
            {
                "header" => true,
                "none" => false,
                _ => throw fields.Wrong("registryAuth", "must be header or none"),
            },
            PodSecurity = fields.Required("podSecurity"),
            Steps = [.. fields.Mappings("steps").Select(Step)],
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
        string? Path(string name)
        {
            var path = fields.Optional(name);
            return path is null || path.StartsWith('/') ? path : throw fields.Wrong(name, "must be an absolute path");
        }

        var paths = new FlavorPaths(Path("socket"), Path("config"), Path("dropIns"), Path("hosts"), Path("root"), Path("state"));
        fields.Done();
        return paths;
    }

    private static FlavorStep Step(FlavorFields fields)
    {
        var step = new FlavorStep(fields.RequiredOneOf<Finding>("finding"), fields.Required("text"), fields.Optional("snippet"));
        fields.Done();
        return step;
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
