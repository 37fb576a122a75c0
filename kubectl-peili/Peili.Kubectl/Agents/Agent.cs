using Peili.Operator.Resources;

namespace Peili.Kubectl.Agents;

/// <summary>The agent of a node.</summary>
/// <param name="Pod">Its pod.</param>
/// <param name="Port">Of its listener for probes and status, on the node's loopback.</param>
internal sealed record Agent(Pod Pod, int Port)
{
    public string Node => Pod.Spec?.NodeName ?? "";

    public string PodName => Pod.Metadata.Name ?? "";
}
