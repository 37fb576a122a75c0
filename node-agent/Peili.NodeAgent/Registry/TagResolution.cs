namespace Peili.NodeAgent.Registry;

/// <summary>Who says what a tag means (<c>--resolve-tags</c>). A tag moves; a digest does not.</summary>
internal enum TagResolution
{
    /// <summary>Upstream, as long as it answers; this cluster's nodes while it does not.</summary>
    WhenUpstreamDown,

    /// <summary>This cluster's nodes, when one of them knows the tag.</summary>
    Always,

    /// <summary>Upstream alone.</summary>
    Never,
}
