namespace Peili.K3s.Tests;

/// <summary>Prepares a k3s in a container, in the words of Testcontainers.K3s, which cannot be restored here.</summary>
/// <example>
/// <code>
/// await using var k3s = new K3sBuilder().WithImage("docker.io/rancher/k3s:v1.33.1-k3s1").Build();
/// await k3s.StartAsync(cancellationToken);
/// var kubeconfig = await k3s.GetKubeconfigAsync(cancellationToken);
/// </code>
/// </example>
public sealed record K3sBuilder
{
    /// <summary>The image when none is said.</summary>
    public const string K3sImage = "docker.io/rancher/k3s:v1.33.1-k3s1";

    /// <summary>Where the API server listens in the container.</summary>
    public const ushort KubeSecurePort = 6443;

    private string Image { get; init; } = K3sImage;

    /// <summary>The same with another image.</summary>
    public K3sBuilder WithImage(string image) => this with { Image = image };

    /// <summary>The container, which is not started yet.</summary>
    public K3sContainer Build() => new(Image);
}
