using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Peili.Docs.Tests.Support;

/// <summary>What is wrong with a call of kubectl, as far as that can be told without a cluster.</summary>
internal static partial class Kubectl
{
    private const int MostMilliseconds = 60_000;

    private static readonly string[] s_globalOptions = ["-n", "--namespace"];
    private static readonly string[] s_withValue = ["-n", "-o", "-p", "-f", "-k", "-l", "--field-selector"];
    private static readonly Dictionary<string, int> s_wordsOfVerb = new(StringComparer.Ordinal) { ["rollout"] = 2, ["create"] = 3 };
    private static readonly string[] s_onResources = ["get", "describe", "delete", "annotate", "patch", "explain", "wait"];

    /// <summary>The first fault, or null.</summary>
    public static async Task<string?> FaultAsync(IReadOnlyList<string> words)
    {
        var (plain, options) = Sort(words);
        if (plain is not [var verb, ..])
        {
            return null;
        }

        var known = await Programs.OptionsAsync(["kubectl", .. plain.Take(s_wordsOfVerb.GetValueOrDefault(verb, 1))]);
        if (options.FirstOrDefault(option => !known.Contains(option.Name) && !s_globalOptions.Contains(option.Name)).Name is { } unknown)
        {
            return $"kubectl {verb} has no {unknown}";
        }

        var resources = s_onResources.Contains(verb) && plain.Count > 1 ? plain[1].Split(',') : [];
        return resources.Select(FaultOfResource).Concat(options.Select(option => FaultOfValue(option.Name, option.Value)))
            .Concat(plain.Skip(1).SelectMany(word => Ours().Matches(word)).Select(name => Sources.Say(name.Value) ? null : $"nothing is called {name.Value}"))
            .FirstOrDefault(fault => fault is not null);
    }

    private static (IReadOnlyList<string> Plain, IReadOnlyList<(string Name, string Value)> Options) Sort(IReadOnlyList<string> words)
    {
        var plain = new List<string>();
        var options = new List<(string, string)>();
        for (var index = 1; index < words.Count; index++)
        {
            if (words[index] is not ['-', _, ..] option)
            {
                plain.Add(words[index]);
            }
            else if (s_withValue.Contains(option) && index + 1 < words.Count)
            {
                options.Add((option, words[++index]));
            }
            else
            {
                options.Add(option.IndexOf('=', StringComparison.Ordinal) is var end and > 0 ? (option[..end], option[(end + 1)..]) : (option, ""));
            }
        }

        return (plain, options);
    }

    private static string? FaultOfResource(string text)
    {
        var name = text.Split('/', '.')[0];
        var field = text.Contains('.', StringComparison.Ordinal) ? text[(name.Length + 1)..] : "";
        return !Resources.Names.Contains(name) ? $"there is no resource {name}" : field.Length > 0 && !Resources.HasField(field) ? $"there is no field {field}" : null;
    }

    private static string? FaultOfValue(string option, string value) => option switch
    {
        "-n" or "--namespace" => value is "peili-system" ? null : $"there is no namespace {value}",
        "-p" => FaultOfPatch(JsonNode.Parse(value)!, ""),
        "-o" when JsonPath().Match(value) is { Success: true } path => Resources.HasField(path.Groups["field"].Value) ? null : $"there is no field {path.Groups["field"].Value}",
        _ => null,
    };

    private static string? FaultOfPatch(JsonNode node, string path) => node switch
    {
        JsonObject map => map.Select(entry => FaultOfPatch(entry.Value!, $"{path}.{entry.Key}".TrimStart('.'))).FirstOrDefault(fault => fault is not null),
        _ => Resources.HasField(path) ? Resources.Takes(path, node.ToString()) ? null : $"{path} does not take {node}" : $"there is no field {path}",
    };

    // Names of what the operator makes or is, without what stands for a name of the reader's own.
    [GeneratedRegex(@"peili[-.][a-z]+(?:[/-][a-z]+)*", RegexOptions.None, MostMilliseconds)]
    private static partial Regex Ours();

    [GeneratedRegex(@"^jsonpath=\{\.items\[\*\]\.(?<field>[\w.]+)\}$", RegexOptions.None, MostMilliseconds)]
    private static partial Regex JsonPath();
}
