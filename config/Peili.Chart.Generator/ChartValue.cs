using System.Text.Json.Nodes;

namespace Peili.Chart.Generator;

/// <summary>A value of the chart.</summary>
/// <param name="Path">Its name, as in <c>metrics.serviceMonitor.enabled</c>.</param>
/// <param name="Description">What it does.</param>
/// <param name="Schema">What it may be.</param>
/// <param name="Default">What it is where nobody says.</param>
internal sealed record ChartValue(string Path, string Description, JsonObject Schema, JsonNode? Default);
