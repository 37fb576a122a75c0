namespace Peili.Prometheus.Tests.Support;

/// <summary>A metric family as it was scraped.</summary>
internal sealed class ExpositionFamily(string name)
{
    public string Name => name;

    public string? Type { get; set; }

    public string? Help { get; set; }

    public string? Unit { get; set; }

    public List<ExpositionSample> Samples { get; } = [];

    /// <summary>The value of the sample with exactly these labels, and of this name where the family has several.</summary>
    public double Value(string sample, params IEnumerable<(string Name, string Value)> labels)
    {
        var wanted = labels.ToDictionary();
        return Samples.Single(other => other.Name == sample && other.Labels.Count == wanted.Count && wanted.All(label => other.Labels.GetValueOrDefault(label.Key) == label.Value)).Value;
    }
}
