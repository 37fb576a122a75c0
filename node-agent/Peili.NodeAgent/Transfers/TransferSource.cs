namespace Peili.NodeAgent.Transfers;

/// <summary>Where bytes for this node's containerd come from.</summary>
internal enum TransferSource
{
    /// <summary>Its own content store.</summary>
    Local,

    /// <summary>Another node that holds the whole content.</summary>
    Peer,

    /// <summary>Another node whose containerd is still fetching it.</summary>
    Relay,

    /// <summary>No node: containerd got them elsewhere, after the agent had said 404 or could not go on.</summary>
    None,
}
