using System.Diagnostics;
using Peili.Grpc;
using Peili.LocalCluster.Containerd.Cri;

namespace Peili.LocalCluster.Containerd;

/// <summary>Kubernetes' container runtime interface, version 1, on containerd's socket: what kubelet pulls images through.</summary>
internal sealed class CriClient(string socket) : IDisposable
{
    private const string Service = "runtime.v1.ImageService";

    private static readonly Method<PullImageRequest, PullImageResponse> PullImage = new(Service, "PullImage", PullImageResponse.Parser);
    private static readonly Method<ListImagesRequest, ListImagesResponse> ListImages = new(Service, "ListImages", ListImagesResponse.Parser);
    private static readonly Method<ImageStatusRequest, ImageStatusResponse> ImageStatusMethod =
        new(Service, "ImageStatus", ImageStatusResponse.Parser);

    private static readonly Method<RemoveImageRequest, RemoveImageResponse> RemoveImage =
        new(Service, "RemoveImage", RemoveImageResponse.Parser);

    private readonly GrpcChannel _channel = GrpcChannel.ForAddress($"unix://{socket}");

    public void Dispose() => _channel.Dispose();

    internal async Task<PullResult> PullAsync(string reference, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            var request = new PullImageRequest { Image = Spec(reference) };
            var response = await _channel.UnaryCallAsync(PullImage, request, new CallOptions(null, timeout, cancellationToken));
            return new PullResult(null, Stopwatch.GetElapsedTime(started), response.ImageRef);
        }
        catch (RpcException exception)
        {
            return new PullResult(exception.Message, Stopwatch.GetElapsedTime(started), "");
        }
    }

    internal async Task<ImageStatus?> StatusAsync(string reference, CancellationToken cancellationToken)
    {
        var request = new ImageStatusRequest { Image = Spec(reference) };
        var response = await _channel.UnaryCallAsync(ImageStatusMethod, request, Options(cancellationToken));
        return response.Image is { } image ? new ImageStatus(image.Id, [.. image.RepoTags], [.. image.RepoDigests]) : null;
    }

    internal Task RemoveAsync(string reference, CancellationToken cancellationToken) =>
        _channel.UnaryCallAsync(RemoveImage, new RemoveImageRequest { Image = Spec(reference) }, Options(cancellationToken));

    /// <summary>Whether the CRI answers yet: after a start, the socket is there before it does.</summary>
    internal async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _channel.UnaryCallAsync(ListImages, new ListImagesRequest(), Options(cancellationToken));
            return true;
        }
        catch (RpcException)
        {
            return false;
        }
    }

    private static ImageSpec Spec(string reference) => new() { Image = reference };

    private static CallOptions Options(CancellationToken cancellationToken) => new(null, TimeSpan.FromSeconds(60), cancellationToken);
}
