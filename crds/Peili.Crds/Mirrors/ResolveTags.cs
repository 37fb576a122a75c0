namespace Peili.Crds;

/// <summary>Who says what a tag means; a tag moves, a digest does not.</summary>
public enum ResolveTags
{
    /// <summary>The upstream registry as long as it answers, and the cluster's nodes while it does not.</summary>
    WhenUpstreamDown,

    /// <summary>The cluster's nodes, when one of them knows the tag; faster, but the tag may be an old one.</summary>
    Always,

    /// <summary>The upstream registry alone.</summary>
    Never,
}
