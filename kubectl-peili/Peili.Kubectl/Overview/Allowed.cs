using System.Net;
using Peili.Kubernetes.Rest;

namespace Peili.Kubectl.Overview;

/// <summary>Reads what one may do without.</summary>
internal static class Allowed
{
    /// <summary>What was read; null where one may not, which is noted.</summary>
    public static async Task<T?> OrNullAsync<T>(Task<T> reading, string what, ICollection<string> unread)
        where T : class?
    {
        try
        {
            return await reading;
        }
        catch (KubernetesException exception) when (exception.StatusCode == HttpStatusCode.Forbidden)
        {
            unread.Add($"{what}: {exception.Message}");
            return null;
        }
    }
}
