namespace Peili.Kubectl.Api;

/// <summary>What has become of a Deployment.</summary>
internal sealed record DeploymentStatus
{
    public int ReadyReplicas { get; init; }
}
