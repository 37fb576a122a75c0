namespace Peili.Containerd;

/// <summary>A plugin of containerd, as introspection tells of it.</summary>
/// <param name="Type">Such as <c>io.containerd.content.v1</c>.</param>
/// <param name="Id">Unique within the type.</param>
/// <param name="Exports">Facts the plugin publishes, such as the content store's <c>root</c>.</param>
/// <param name="Capabilities">Features it says it has.</param>
/// <param name="InitError">Why it did not start; null when it did.</param>
public sealed record ContainerdPlugin(
    string Type,
    string Id,
    IReadOnlyDictionary<string, string> Exports,
    IReadOnlyList<string> Capabilities,
    string? InitError);
