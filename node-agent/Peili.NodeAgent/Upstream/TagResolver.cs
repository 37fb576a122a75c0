using Peili.NodeAgent.Configuration;
using Peili.NodeAgent.Registry;

namespace Peili.NodeAgent.Upstream;

/// <summary>Decides whether a tag may be resolved within the cluster now.</summary>
internal sealed class TagResolver(AgentOptions options, UpstreamProbe probe)
{
    /// <summary>True when peers may say what a tag of <paramref name="registry"/> means. Never waits.</summary>
    public bool MayResolve(string registry) => options.ResolveTags switch
    {
        TagResolution.Always => true,
        TagResolution.Never => false,
        _ => !probe.IsUp(registry),
    };
}
