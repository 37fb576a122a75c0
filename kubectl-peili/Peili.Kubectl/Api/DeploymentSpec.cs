namespace Peili.Kubectl.Api;

/// <summary>What is wanted of a Deployment.</summary>
internal sealed record DeploymentSpec
{
    public int? Replicas { get; init; }
}
