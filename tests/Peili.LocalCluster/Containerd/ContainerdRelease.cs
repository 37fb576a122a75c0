namespace Peili.LocalCluster.Containerd;

/// <summary>The containerd versions a node can run.</summary>
public enum ContainerdRelease
{
    /// <summary>1.6, from Debian 12: configuration version 2, images are pulled by the CRI plugin itself.</summary>
    V1_6,

    /// <summary>1.7, from Debian 13: as 1.6.</summary>
    V1_7,

    /// <summary>2.1 or later, from Debian unstable: configuration version 3, images are pulled by the transfer service.</summary>
    V2_1,
}
