namespace Peili.Crds;

/// <summary>What becomes of the mirrors that a node's containerd has configured already.</summary>
public enum ExistingHosts
{
    /// <summary>They are asked after ours.</summary>
    Keep,

    /// <summary>They are put out of force, and brought back when the node is left.</summary>
    Replace,
}
