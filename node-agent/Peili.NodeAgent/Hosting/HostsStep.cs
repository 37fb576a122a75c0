namespace Peili.NodeAgent.Hosting;

/// <summary>What was done with containerd's hosts.</summary>
internal enum HostsStep
{
    /// <summary>Nothing yet.</summary>
    Pending,

    /// <summary>Ours are in front.</summary>
    Mirrored,

    /// <summary>They are as they were found, for the operator left this node.</summary>
    Released,

    /// <summary>They cannot be written.</summary>
    Failed,
}
