using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Peili.Kubernetes.Configuration;
using Peili.Kubernetes.Models;
using Peili.Kubernetes.Serialization;

namespace Peili.Kubernetes.Rest;

/// <summary>
/// Calls to one API server. It stands in for the package KubernetesClient, which our package registry lacks. Safe for use by many
/// threads. Every call throws <see cref="KubernetesException"/> where the server refuses it or does not answer it,
/// <see cref="KubeConfigException"/> where credentials are not to be had, and <see cref="OperationCanceledException"/> where the
/// caller's token fires; what is not there is no exception but null or false.
/// </summary>
public sealed partial class KubernetesClient : IDisposable
{
    private readonly ApiConnection _connection;
    private readonly KubernetesClientOptions _options;

    /// <summary>Makes a client. Nothing is connected yet.</summary>
    /// <exception cref="KubeConfigException">The certificate authority cannot be read.</exception>
    public KubernetesClient(KubernetesClientConfiguration configuration, KubernetesClientOptions? options = null)
        : this(configuration, options, null)
    {
    }

    internal KubernetesClient(KubernetesClientConfiguration configuration, KubernetesClientOptions? options, HttpMessageHandler? handler)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        _options = options ?? new KubernetesClientOptions();
        _connection = new ApiConnection(configuration, _options, handler);
        Namespace = configuration.Namespace;
    }

    /// <summary>The namespace that the configuration names.</summary>
    public string Namespace { get; }

    internal TimeProvider Time => _options.TimeProvider;

    /// <summary>Reads an object; null where there is none.</summary>
    public Task<T?> GetAsync<T>(ResourceKind<T> kind, NamespacedName key, CancellationToken cancellationToken)
        where T : KubernetesObject =>
        OrNullAsync(CallAsync(new ApiRequest(HttpMethod.Get, Checked(kind).PathOf(key)), kind.TypeInfo, cancellationToken));

    /// <summary>Creates an object.</summary>
    /// <exception cref="KubernetesException">It is there already (<see cref="KubernetesException.IsAlreadyExists"/>), among other reasons.</exception>
    public Task<T> CreateAsync<T>(ResourceKind<T> kind, T created, CancellationToken cancellationToken)
        where T : KubernetesObject =>
        CallAsync(
            new ApiRequest(HttpMethod.Post, Checked(kind).PathOf(created.Metadata.Namespace)) { Body = ToJson(kind, created) }, kind.TypeInfo, cancellationToken);

    /// <summary>Replaces an object, or a subresource such as <c>status</c>.</summary>
    /// <exception cref="KubernetesException">It is no longer of the given resourceVersion (<see cref="KubernetesException.IsConflict"/>), among other reasons.</exception>
    public Task<T> ReplaceAsync<T>(ResourceKind<T> kind, T changed, CancellationToken cancellationToken, string? subresource = null)
        where T : KubernetesObject =>
        CallAsync(new ApiRequest(HttpMethod.Put, Checked(kind).PathOf(changed.Key, subresource)) { Body = ToJson(kind, changed) }, kind.TypeInfo, cancellationToken);

    /// <summary>
    /// Server-side apply: the object is to have these fields, and no others that this manager applied before. It is created where it is not there.
    /// </summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="applied">The manager's own fields, and no others.</param>
    /// <param name="fieldManager">Who owns these fields from now on.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="force">Whether fields of others are taken over; else they are a conflict.</param>
    /// <param name="subresource">As in <c>status</c>.</param>
    public Task<T> ApplyAsync<T>(
        ResourceKind<T> kind, T applied, string fieldManager, CancellationToken cancellationToken, bool force = true, string? subresource = null)
        where T : KubernetesObject =>
        CallAsync(
            new ApiRequest(HttpMethod.Patch, Checked(kind).PathOf(applied.Key, subresource))
            {
                Body = ToJson(kind, applied),
                ContentType = "application/apply-patch+yaml",
            }.With("fieldManager", fieldManager).With("force", force ? "true" : "false"),
            kind.TypeInfo,
            cancellationToken);

    /// <summary>Changes an object; null where there is none.</summary>
    public Task<T?> PatchAsync<T>(ResourceKind<T> kind, NamespacedName key, Patch patch, CancellationToken cancellationToken, string? subresource = null)
        where T : KubernetesObject
    {
        ArgumentNullException.ThrowIfNull(patch);
        return OrNullAsync(CallAsync(
            new ApiRequest(HttpMethod.Patch, Checked(kind).PathOf(key, subresource))
            {
                Body = JsonSerializer.SerializeToUtf8Bytes(patch.Body, ModelJson.Default.JsonNode),
                ContentType = patch.ContentType,
            },
            kind.TypeInfo,
            cancellationToken));
    }

    /// <summary>Deletes an object; false where there is none. One with finalizers is still there afterwards.</summary>
    public async Task<bool> DeleteAsync<T>(ResourceKind<T> kind, NamespacedName key, CancellationToken cancellationToken, DeleteOptions? options = null)
        where T : KubernetesObject
    {
        var body = options is null ? null : JsonSerializer.SerializeToUtf8Bytes(options, ModelJson.Default.DeleteOptions);

        // The answer is a Status or the object: nothing that the record has to fit.
        var request = new ApiRequest(HttpMethod.Delete, Checked(kind).PathOf(key)) { Body = body };
        return await OrNullAsync(CallAsync(request, ModelJson.Default.JsonObject, cancellationToken)) is not null;
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _connection.Dispose();

    internal Task<T?> GetAsync<T>(string path, JsonTypeInfo<T> typeInfo, CancellationToken cancellationToken)
        where T : class =>
        OrNullAsync(CallAsync(new ApiRequest(HttpMethod.Get, path), typeInfo, cancellationToken));

    private async Task<T> CallAsync<T>(ApiRequest request, JsonTypeInfo<T> typeInfo, CancellationToken cancellationToken)
    {
        var body = await CallAsync(request, cancellationToken);
        try
        {
            return JsonSerializer.Deserialize(body.Span, typeInfo) ?? throw new JsonException("null");
        }
        catch (JsonException exception)
        {
            throw Unreadable(request, exception);
        }
    }

    private async Task<ReadOnlyMemory<byte>> CallAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_options.Timeout, _options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var answer = await _connection.SendAsync(request, either.Token);
            return await _connection.ReadAsync(answer, either.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new KubernetesException($"{request.Method} {request.Path}: no answer within {_options.Timeout.TotalSeconds:F0} s", exception);
        }
    }

    private static KubernetesException Unreadable(ApiRequest request, JsonException exception) =>
        new($"{request.Method} {request.Path}: the answer cannot be read: {exception.Message}", exception);

    private static async Task<T?> OrNullAsync<T>(Task<T> call)
        where T : class
    {
        try
        {
            return await call;
        }
        catch (KubernetesException exception) when (exception.IsNotFound)
        {
            return null;
        }
    }

    private static ResourceKind<T> Checked<T>(ResourceKind<T> kind)
        where T : KubernetesObject
    {
        ArgumentNullException.ThrowIfNull(kind);
        return kind;
    }

    private static byte[] ToJson<T>(ResourceKind<T> kind, T value)
        where T : KubernetesObject
    {
        var node = JsonSerializer.SerializeToNode(value, kind.TypeInfo)!.AsObject();
        node["apiVersion"] = kind.ApiVersion;
        node["kind"] = kind.Kind;
        return JsonSerializer.SerializeToUtf8Bytes(node, ModelJson.Default.JsonObject);
    }
}
