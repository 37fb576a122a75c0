namespace Peili.Containerd;

/// <summary>Something that changed in containerd.</summary>
/// <param name="Topic">Such as <c>/images/create</c> or <c>/content/delete</c>.</param>
/// <param name="Namespace">Whose image or content it is.</param>
/// <param name="Timestamp">When containerd published it, by its own clock.</param>
/// <param name="ImageName">The image of an <c>/images/</c> topic, null otherwise.</param>
/// <param name="Content">The blob of a <c>/content/</c> topic, null otherwise.</param>
public sealed record ContainerdEvent(string Topic, string Namespace, DateTimeOffset Timestamp, string? ImageName, Digest? Content);
