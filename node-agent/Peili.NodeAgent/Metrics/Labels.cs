using System.Diagnostics.Metrics;
using System.Text;

namespace Peili.NodeAgent.Metrics;

/// <summary>Label values, and measurements with them.</summary>
internal static class Labels
{
    /// <summary>An enumeration's value as labels write it: <c>LeftToUpstream</c> is <c>left_to_upstream</c>.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum
    {
        var words = new StringBuilder();
        foreach (var character in value.ToString())
        {
            words.Append(char.IsAsciiLetterUpper(character) && words.Length > 0 ? "_" : string.Empty).Append(char.ToLowerInvariant(character));
        }

        return words.ToString();
    }

    /// <summary>A measurement for each value of an enumeration, so that none is missing before it first occurs.</summary>
    public static IEnumerable<Measurement<long>> Each<T>(string label, Func<T, long> read)
        where T : struct, Enum => Enum.GetValues<T>().Select(value => Measure(read(value), (label, Of(value))));

    public static Measurement<long> Measure(long value, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        var tags = new KeyValuePair<string, object?>[labels.Length];
        for (var at = 0; at < tags.Length; at++)
        {
            tags[at] = new KeyValuePair<string, object?>(labels[at].Name, labels[at].Value);
        }

        return new Measurement<long>(value, tags);
    }
}
