using System.Globalization;
using OpenTelemetry;

namespace Peili.Prometheus;

/// <summary>Writes the labels of one point, and on request one more behind them.</summary>
internal static class PrometheusLabels
{
    /// <summary>Of a bucket; an attribute of that name gives way.</summary>
    public const string Bound = "le";

    /// <summary>Writes <c>{a="1",b="2"}</c>, or nothing where there is no label.</summary>
    /// <param name="buffer">Where to.</param>
    /// <param name="tags">The point's attributes.</param>
    /// <param name="bound">What <c>le</c> is to be, written as it stands; empty for none.</param>
    public static void Write(PrometheusBuffer buffer, ReadOnlyTagCollection tags, ReadOnlySpan<byte> bound)
    {
        var first = true;
        if (tags.Count > 1)
        {
            foreach (var (name, value) in Merge(tags))
            {
                WriteOne(buffer, name, value, ref first);
            }
        }
        else
        {
            foreach (var tag in tags)
            {
                WriteOne(buffer, NameOf(tag.Key), ValueOf(tag.Value), ref first);
            }
        }

        if (bound.Length > 0)
        {
            buffer.Write(first ? "{le=\""u8 : ",le=\""u8);
            buffer.Write(bound);
            buffer.Write("\""u8);
            first = false;
        }

        buffer.Write(first ? ""u8 : "}"u8);
    }

    /// <summary>Attributes whose names become the same label are one, with semicolons between (OpenTelemetry's rule).</summary>
    private static List<(string Name, string Value)> Merge(ReadOnlyTagCollection tags)
    {
        var labels = new List<(string Name, string Value)>(tags.Count);
        foreach (var tag in tags)
        {
            var name = NameOf(tag.Key);
            var at = labels.FindIndex(label => label.Name == name);
            if (at < 0)
            {
                labels.Add((name, ValueOf(tag.Value)));
            }
            else
            {
                labels[at] = (name, $"{labels[at].Value};{ValueOf(tag.Value)}");
            }
        }

        return labels;
    }

    private static void WriteOne(PrometheusBuffer buffer, string name, string value, ref bool first)
    {
        buffer.Write(first ? "{"u8 : ","u8);
        buffer.Write(name);
        buffer.Write("=\""u8);
        buffer.WriteEscaped(value, quotes: true);
        buffer.Write("\""u8);
        first = false;
    }

    private static string NameOf(string key) => PrometheusNames.Label(key) is var name && name == Bound ? $"exported_{Bound}" : name;

    private static string ValueOf(object? value) => value switch
    {
        null => string.Empty,
        string text => text,
        true => "true",
        false => "false",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? string.Empty,
    };
}
