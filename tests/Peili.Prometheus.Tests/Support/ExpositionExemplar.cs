namespace Peili.Prometheus.Tests.Support;

/// <summary>An exemplar as it was scraped.</summary>
internal sealed record ExpositionExemplar(IReadOnlyDictionary<string, string> Labels, double Value, double? Timestamp);
