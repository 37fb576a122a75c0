using System.Text;
using System.Text.Json.Nodes;
using Peili.Crds.Generator;

namespace Peili.Chart.Generator;

/// <summary>values.yaml: every value with its default, and what it does above it.</summary>
internal static class ValuesFile
{
    private const int Width = 140;

    public static string Write(IReadOnlyList<ChartValue> values, string source)
    {
        var text = new StringBuilder($"# Made by {source}; do not edit. values.schema.json says what each may be.\n");
        Write(text, values, "", 0);
        return text.ToString();
    }

    private static void Write(StringBuilder text, IReadOnlyList<ChartValue> values, string parent, int depth)
    {
        var indent = new string(' ', 2 * depth);
        foreach (var group in values.GroupBy(value => value.Path[parent.Length..].Split('.')[0]))
        {
            text.Append(depth == 0 ? "\n" : "");
            if (group.First() is var value && value.Path == parent + group.Key)
            {
                foreach (var line in Wrap(value.Description, Width - indent.Length))
                {
                    text.Append(indent).Append("# ").Append(line).Append('\n');
                }

                foreach (var line in Yaml.Write(new JsonObject { [group.Key] = value.Default?.DeepClone() }).TrimEnd('\n').Split('\n'))
                {
                    text.Append(indent).Append(line).Append('\n');
                }

                continue;
            }

            text.Append(indent).Append(group.Key).Append(":\n");
            Write(text, [.. group], $"{parent}{group.Key}.", depth + 1);
        }
    }

    private static IEnumerable<string> Wrap(string text, int width)
    {
        var line = new StringBuilder();
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + word.Length + 1 > width)
            {
                yield return line.ToString();
                line.Clear();
            }

            line.Append(line.Length > 0 ? " " : "").Append(word);
        }

        yield return line.ToString();
    }
}
