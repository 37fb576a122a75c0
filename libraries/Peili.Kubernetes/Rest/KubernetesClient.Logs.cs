using System.Globalization;
using Peili.Kubernetes.Models;

namespace Peili.Kubernetes.Rest;

public sealed partial class KubernetesClient
{
    /// <summary>Reads what a container of a pod wrote; null where there is no such pod.</summary>
    public async Task<ReadOnlyMemory<byte>?> ReadLogAsync(NamespacedName pod, LogOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var request = new ApiRequest(HttpMethod.Get, s_pods.PathOf(pod, "log"))
            .With("container", options.Container)
            .With("previous", options.Previous ? "true" : null)
            .With("tailLines", options.TailLines?.ToString(CultureInfo.InvariantCulture))
            .With("limitBytes", options.LimitBytes?.ToString(CultureInfo.InvariantCulture));
        try
        {
            return await CallAsync(request, cancellationToken);
        }
        catch (KubernetesException exception) when (exception.IsNotFound)
        {
            return null;
        }
    }

    private static readonly ResourceKind<KubernetesObject> s_pods = ResourceKinds.Any("", "v1", "pods", "Pod", isNamespaced: true);
}
