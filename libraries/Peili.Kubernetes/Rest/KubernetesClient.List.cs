using System.Globalization;
using System.Text.Json;
using Peili.Kubernetes.Models;

namespace Peili.Kubernetes.Rest;

public sealed partial class KubernetesClient
{
    /// <summary>Reads all objects of a kind, page by page; each page has the whole of the bound of a call.</summary>
    public Task<ResourceList<T>> ListAsync<T>(ResourceKind<T> kind, ListOptions options, CancellationToken cancellationToken)
        where T : KubernetesObject =>
        ListAsync(kind, options, static item => item, cancellationToken);

    /// <param name="kind">Their kind.</param>
    /// <param name="options">Which objects.</param>
    /// <param name="trim">What is kept of each, page by page: whole, thousands of them are a heap of their own.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal async Task<ResourceList<T>> ListAsync<T>(ResourceKind<T> kind, ListOptions options, Func<T, T> trim, CancellationToken cancellationToken)
        where T : KubernetesObject
    {
        ArgumentNullException.ThrowIfNull(options);
        var path = Checked(kind).PathOf(options.Namespace);
        try
        {
            return await ListAsync(kind, path, options, trim, _options.PageSize, cancellationToken);
        }
        catch (KubernetesException exception) when (exception.IsExpired)
        {
            // The version that the pages were of is gone. At once, there is nothing to expire.
            return await ListAsync(kind, path, options, trim, pageSize: 0, cancellationToken);
        }
    }

    private async Task<ResourceList<T>> ListAsync<T>(
        ResourceKind<T> kind, string path, ListOptions options, Func<T, T> trim, int pageSize, CancellationToken cancellationToken)
        where T : KubernetesObject
    {
        var items = new List<T>();
        string? rest = null;
        while (true)
        {
            var request = new ApiRequest(HttpMethod.Get, path)
                .With("labelSelector", options.LabelSelector)
                .With("fieldSelector", options.FieldSelector)
                .With("limit", pageSize == 0 ? null : pageSize.ToString(CultureInfo.InvariantCulture))
                .With("continue", rest);
            var page = await CallAsync(request, cancellationToken);
            try
            {
                (var version, rest) = ListReader.Read(page.Span, kind, trim, items);
                if (rest is null)
                {
                    return new ResourceList<T>(items, version ?? throw new JsonException("metadata.resourceVersion must be set"));
                }
            }
            catch (JsonException exception)
            {
                throw Unreadable(request, exception);
            }
        }
    }
}
