using System.Text.Json.Serialization;

namespace Peili.Crds;

/// <summary>What an agent asks of its node's containerd.</summary>
public enum RegistryAuthentication
{
    /// <summary>A secret that only this node's containerd has.</summary>
    [JsonStringEnumMemberName("header")]
    Header,

    /// <summary>Nothing: the platform owns the hosts files, which could not keep a secret.</summary>
    [JsonStringEnumMemberName("none")]
    None,
}
