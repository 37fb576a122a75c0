using System.Runtime.CompilerServices;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Peili.Containerd.Api;
using Peili.Grpc;

namespace Peili.Containerd;

/// <summary>
/// Asks one containerd, in one of its namespaces. Every method throws <see cref="RpcException"/> when containerd cannot be reached or
/// refuses, and <see cref="OperationCanceledException"/> when its token fires. Safe for use by many threads.
/// </summary>
public sealed class ContainerdClient : IDisposable
{
    private const string ContentPlugin = "io.containerd.content.v1";
    private const string MetadataPlugin = "io.containerd.metadata.v1";

    private static readonly TimeSpan s_callTimeout = TimeSpan.FromSeconds(5);

    // A list of 100,000 blobs from a busy disk takes seconds; one that takes longer than this comes from a process that hangs.
    private static readonly TimeSpan s_listTimeout = TimeSpan.FromSeconds(30);

    private readonly GrpcChannel _channel;
    private readonly Metadata _headers = new();
    private readonly TimeProvider _timeProvider;

    /// <summary>Makes a client. Nothing is connected yet.</summary>
    /// <param name="socketPath">The absolute path of containerd's socket.</param>
    /// <param name="containerdNamespace">The namespace of every call, such as <c>k8s.io</c>.</param>
    /// <param name="timeProvider">The clock of the timeouts; null for the system's.</param>
    /// <exception cref="ArgumentException">The path cannot be that of a socket, or the name not that of a namespace.</exception>
    public ContainerdClient(string socketPath, string containerdNamespace, TimeProvider? timeProvider = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(containerdNamespace);
        _timeProvider = timeProvider ?? TimeProvider.System;
        _channel = GrpcChannel.ForAddress("unix://" + socketPath, new GrpcChannelOptions { TimeProvider = _timeProvider });
        _headers.Add("containerd-namespace", containerdNamespace);
        Namespace = containerdNamespace;
    }

    /// <summary>The namespace of every call.</summary>
    public string Namespace { get; }

    /// <summary>Asks for the version.</summary>
    public async Task<ContainerdVersion> GetVersionAsync(CancellationToken cancellationToken = default)
    {
        var response = await CallAsync(ContainerdMethods.Version, new Empty(), cancellationToken);
        return new ContainerdVersion(response.Version, response.Revision);
    }

    /// <summary>Lists the plugins, those that failed to start included.</summary>
    public async Task<IReadOnlyList<ContainerdPlugin>> ListPluginsAsync(CancellationToken cancellationToken = default)
    {
        var response = await CallAsync(ContainerdMethods.Plugins, new PluginsRequest(), cancellationToken);
        return [.. response.Plugins.Select(plugin => new ContainerdPlugin(
            plugin.Type, plugin.Id, plugin.Exports, plugin.Capabilities, plugin.InitErr?.Message))];
    }

    /// <summary>The directory of the content store, with <c>blobs</c> and <c>ingest</c> in it; null when containerd does not tell.</summary>
    public Task<string?> GetContentRootAsync(CancellationToken cancellationToken = default) =>
        GetExportAsync(ContentPlugin, "root", cancellationToken);

    /// <summary>
    /// Whether a namespace may adopt another's blob by its digest alone: <c>shared</c> or <c>isolated</c>; null when containerd does not tell.
    /// </summary>
    public Task<string?> GetSharingPolicyAsync(CancellationToken cancellationToken = default) =>
        GetExportAsync(MetadataPlugin, "policy", cancellationToken);

    /// <summary>Lists the images. Those whose target is not named by SHA-256 are left out.</summary>
    public async Task<IReadOnlyList<Image>> ListImagesAsync(CancellationToken cancellationToken = default)
    {
        var response = await CallAsync(ContainerdMethods.ListImages, new ListImagesRequest(), cancellationToken);
        var images = new List<Image>(response.Images.Count);
        foreach (var image in response.Images)
        {
            if (Digest.TryParse(image.Target?.Digest, out var digest))
            {
                images.Add(new Image(image.Name, new Descriptor(image.Target!.MediaType, digest, image.Target.Size), image.Labels));
            }
        }

        return images;
    }

    /// <summary>Lists the committed blobs. Those not named by SHA-256 are left out.</summary>
    public async IAsyncEnumerable<ContentInfo> ListContentAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var bytes in ListRawContentAsync(cancellationToken))
        {
            var info = Info.Parser.ParseFrom(bytes);
            if (Digest.TryParse(info.Digest, out var digest))
            {
                yield return new ContentInfo(digest, info.Size, info.Labels);
            }
        }
    }

    /// <summary>Asks for one committed blob; null when this namespace does not have it.</summary>
    public Task<ContentInfo?> GetContentInfoAsync(Digest digest, CancellationToken cancellationToken = default) =>
        GetContentInfoAsync(digest, s_callTimeout, cancellationToken);

    /// <summary>The same, with a bound of the caller's own on how long it may take.</summary>
    public async Task<ContentInfo?> GetContentInfoAsync(Digest digest, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        if (await GetRawContentInfoAsync(digest, timeout, cancellationToken) is not { } bytes)
        {
            return null;
        }

        var info = Info.Parser.ParseFrom(bytes);
        return new ContentInfo(digest, info.Size, info.Labels);
    }

    /// <summary>Throws away an unfinished write.</summary>
    /// <param name="reference">Its name within the namespace, as <see cref="Ingest.Reference"/> has it.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>False when there is none of that name.</returns>
    public async Task<bool> AbortIngestAsync(string reference, CancellationToken cancellationToken = default)
    {
        try
        {
            await CallAsync(ContainerdMethods.AbortIngest, new AbortRequest { Ref = reference }, cancellationToken);
            return true;
        }
        catch (RpcException notFound) when (notFound.StatusCode == StatusCode.NotFound)
        {
            return false;
        }
    }

    /// <summary>
    /// Subscribes to events. When the task completes the subscription stands: what happens from then on is in it. Events are never
    /// repeated, so whoever needs the whole state lists after this.
    /// </summary>
    /// <param name="filters">
    /// In containerd's filter syntax, such as <c>topic~="/images/"</c>; an event that any of them accepts is delivered. Filters see
    /// every namespace unless they name one.
    /// </param>
    /// <param name="cancellationToken">Ends the waiting, and the subscription as long as it lasts.</param>
    public Task<EventSubscription> SubscribeAsync(IEnumerable<string> filters, CancellationToken cancellationToken = default)
    {
        var request = new SubscribeRequest { Filters = { filters, EventSubscription.MarkerFilter } };
        var call = _channel.ServerStreamingCall(ContainerdMethods.Subscribe, request, Options(null, cancellationToken));
        return EventSubscription.EstablishAsync(call, PublishMarkerAsync, s_callTimeout, _timeProvider, cancellationToken);
    }

    /// <summary>Lists the committed blobs, each as the bytes of an <see cref="Info"/>.</summary>
    internal async IAsyncEnumerable<ByteString> ListRawContentAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var options = Options(s_listTimeout, cancellationToken);
        using var call = _channel.ServerStreamingCall(ContainerdMethods.ListContent, new ListContentRequest(), options);
        await foreach (var response in call.ReadAllAsync(cancellationToken))
        {
            foreach (var info in response.Info)
            {
                yield return info;
            }
        }
    }

    /// <summary>Asks for one committed blob, as the bytes of an <see cref="Info"/>; null when this namespace does not have it.</summary>
    internal Task<ByteString?> GetRawContentInfoAsync(Digest digest, CancellationToken cancellationToken) =>
        GetRawContentInfoAsync(digest, s_callTimeout, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _channel.Dispose();

    private async Task<ByteString?> GetRawContentInfoAsync(Digest digest, TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            var request = new InfoRequest { Digest = digest.ToString() };
            var response = await _channel.UnaryCallAsync(ContainerdMethods.ContentInfo, request, Options(timeout, cancellationToken));
            return response.Info;
        }
        catch (RpcException notFound) when (notFound.StatusCode == StatusCode.NotFound)
        {
            return null;
        }
    }

    private async Task PublishMarkerAsync(CancellationToken cancellationToken) =>
        await CallAsync(ContainerdMethods.Publish, EventSubscription.Marker, cancellationToken);

    private async Task<string?> GetExportAsync(string pluginType, string key, CancellationToken cancellationToken)
    {
        var request = new PluginsRequest { Filters = { $"type=={pluginType}" } };
        var response = await CallAsync(ContainerdMethods.Plugins, request, cancellationToken);
        return response.Plugins.Select(plugin => plugin.Exports.GetValueOrDefault(key)).FirstOrDefault(value => value is not null);
    }

    private Task<TResponse> CallAsync<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        TRequest request,
        CancellationToken cancellationToken)
        where TRequest : IMessage
        where TResponse : IMessage<TResponse> =>
        _channel.UnaryCallAsync(method, request, Options(s_callTimeout, cancellationToken));

    private CallOptions Options(TimeSpan? timeout, CancellationToken cancellationToken) => new(_headers, timeout, cancellationToken);
}
