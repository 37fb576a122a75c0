using Peili.Containerd.Api.Cri;
using Peili.Grpc;

namespace Peili.Containerd.Cri;

/// <summary>
/// Kubernetes' container runtime interface, version 1, on containerd's socket: what kubelet speaks. Every method throws
/// <see cref="RpcException"/> when containerd cannot be reached or refuses, and <see cref="OperationCanceledException"/> when its token fires.
/// </summary>
public sealed class CriClient : IDisposable
{
    private static readonly TimeSpan s_statusTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_pullTimeout = TimeSpan.FromMinutes(5);

    private static readonly Method<StatusRequest, StatusResponse> s_status = new("runtime.v1.RuntimeService", "Status", StatusResponse.Parser);
    private static readonly Method<PullImageRequest, PullImageResponse> s_pullImage = new("runtime.v1.ImageService", "PullImage", PullImageResponse.Parser);

    private readonly GrpcChannel _channel;

    /// <summary>Makes a client. Nothing is connected yet.</summary>
    /// <param name="socketPath">The absolute path of containerd's socket.</param>
    /// <exception cref="ArgumentException">The path cannot be that of a socket.</exception>
    public CriClient(string socketPath) => _channel = GrpcChannel.ForAddress("unix://" + socketPath);

    /// <summary>The settings that the CRI plugin runs with; null when this containerd does not tell.</summary>
    public async Task<RunningSettings?> GetSettingsAsync(CancellationToken cancellationToken = default)
    {
        var status = await _channel.UnaryCallAsync(s_status, new StatusRequest { Verbose = true }, new CallOptions(null, s_statusTimeout, cancellationToken));
        return status.Info.TryGetValue("config", out var json) ? RunningSettings.FromStatus(json) : null;
    }

    /// <summary>Pulls an image as kubelet does.</summary>
    public Task PullImageAsync(string reference, CancellationToken cancellationToken = default) => _channel.UnaryCallAsync(
        s_pullImage, new PullImageRequest { Image = new ImageSpec { Image = reference } }, new CallOptions(null, s_pullTimeout, cancellationToken));

    /// <inheritdoc/>
    public void Dispose() => _channel.Dispose();
}
