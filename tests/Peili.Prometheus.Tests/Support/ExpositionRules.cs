using System.Globalization;

namespace Peili.Prometheus.Tests.Support;

/// <summary>What must hold of a family as a whole.</summary>
internal static class ExpositionRules
{
    private const string Bound = "le";

    /// <summary>Whether a sample of this name belongs to the family.</summary>
    public static bool IsSampleOf(ExpositionFamily family, string sample, bool openMetrics) => family.Type switch
    {
        "counter" => sample == (openMetrics ? $"{family.Name}_total" : family.Name),
        "gauge" => sample == family.Name,
        "histogram" => sample == $"{family.Name}_bucket" || sample == $"{family.Name}_sum" || sample == $"{family.Name}_count",
        _ => false,
    };

    /// <summary>Checks one.</summary>
    /// <exception cref="FormatException">It breaks a rule.</exception>
    public static void Check(ExpositionFamily family, bool openMetrics)
    {
        if (family.Type is null)
        {
            throw Wrong(family, "has no TYPE");
        }

        if (family.Unit is { } unit && !family.Name.EndsWith($"_{unit}", StringComparison.Ordinal))
        {
            throw Wrong(family, $"does not end in its unit, {unit}");
        }

        if (openMetrics && family.Type == "counter" && family.Name.EndsWith("_total", StringComparison.Ordinal))
        {
            throw Wrong(family, "is a counter: _total belongs to the sample alone");
        }

        if (family.Samples.GroupBy(sample => (sample.Name, sample.Key())).Any(twins => twins.Count() > 1))
        {
            throw Wrong(family, "has two samples with the same labels");
        }

        if (family.Samples.Any(sample => sample.Exemplar is not null && family.Type != "counter" && !sample.Name.EndsWith("_bucket", StringComparison.Ordinal)))
        {
            throw Wrong(family, "has an exemplar where none may be");
        }

        if (family.Type == "counter" && family.Samples.Any(sample => double.IsNaN(sample.Value) || sample.Value < 0))
        {
            throw Wrong(family, "counts backwards");
        }

        if (family.Type == "histogram")
        {
            foreach (var points in family.Samples.GroupBy(sample => sample.Key(Bound)))
            {
                CheckHistogram(family, [.. points], openMetrics);
            }
        }
    }

    private static void CheckHistogram(ExpositionFamily family, ExpositionSample[] points, bool openMetrics)
    {
        var buckets = points.Where(point => point.Name == $"{family.Name}_bucket").ToArray();
        if (buckets.Any(bucket => !bucket.Labels.ContainsKey(Bound)) || points.Except(buckets).Any(point => point.Labels.ContainsKey(Bound)))
        {
            throw Wrong(family, "has a bucket without bound, or a bound without bucket");
        }

        var bounds = buckets.Select(bucket => BoundOf(family, bucket.Labels[Bound], openMetrics)).ToArray();
        if (bounds.Length == 0 || !double.IsPositiveInfinity(bounds[^1]) || bounds.Zip(bounds.Skip(1)).Any(pair => pair.First >= pair.Second))
        {
            throw Wrong(family, "has bounds that do not rise to +Inf");
        }

        if (buckets.Zip(buckets.Skip(1)).Any(pair => pair.First.Value > pair.Second.Value))
        {
            throw Wrong(family, "has buckets that are not cumulative");
        }

        var mayHaveSum = !openMetrics || bounds[0] >= 0;
        if (points.Count(point => point.Name == $"{family.Name}_sum") != (mayHaveSum ? 1 : 0))
        {
            throw Wrong(family, "has no sum, or one that may fall");
        }

        if (points.SingleOrDefault(point => point.Name == $"{family.Name}_count")?.Value != buckets[^1].Value)
        {
            throw Wrong(family, "has no count, or another one than its last bucket");
        }

        for (var at = 0; at < buckets.Length; at++)
        {
            if (buckets[at].Exemplar is { } exemplar && (exemplar.Value > bounds[at] || (at > 0 && exemplar.Value <= bounds[at - 1])))
            {
                throw Wrong(family, "has an exemplar in another bucket than its own");
            }
        }
    }

    private static double BoundOf(ExpositionFamily family, string text, bool openMetrics)
    {
        if (text == "+Inf")
        {
            return double.PositiveInfinity;
        }

        if (openMetrics && !text.Contains('.') && !text.Contains('E', StringComparison.OrdinalIgnoreCase))
        {
            throw Wrong(family, $"has a bound that does not look like a floating-point number, {text}");
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var bound) ? bound : throw Wrong(family, $"has no number for a bound, {text}");
    }

    private static FormatException Wrong(ExpositionFamily family, string what) => new($"{family.Name} {what}");
}
