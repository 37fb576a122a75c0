namespace Peili.NodeAgent.Configuration;

/// <summary>What the registry listener asks of its clients (<c>--registry-auth</c>).</summary>
internal enum RegistryAuthentication
{
    /// <summary>The secret of this node, in a header that only its containerd has.</summary>
    Header,

    /// <summary>Nothing: any process of the node may read what the mirror serves.</summary>
    None,
}
