using Peili.Kubernetes.Models;

namespace Peili.Kubectl.Api;

/// <summary>The operator's Deployment, as far as it counts here.</summary>
internal sealed record Deployment : KubernetesObject
{
    public DeploymentSpec? Spec { get; init; }

    public DeploymentStatus? Status { get; init; }
}
