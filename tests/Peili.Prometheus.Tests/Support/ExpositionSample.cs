namespace Peili.Prometheus.Tests.Support;

/// <summary>A sample as it was scraped.</summary>
internal sealed record ExpositionSample(string Name, IReadOnlyDictionary<string, string> Labels, double Value, ExpositionExemplar? Exemplar)
{
    /// <summary>The labels as one text, those of <paramref name="without"/> left out.</summary>
    public string Key(string? without = null) =>
        string.Join(',', Labels.Where(label => label.Key != without).OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}"));
}
