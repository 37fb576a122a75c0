using System.Net;
using Peili.Kubernetes.Rest;

namespace Peili.Kubectl.Api;

/// <summary>What to do about an API server that refuses or does not answer.</summary>
internal static class Advice
{
    /// <summary>What it said, and what to do next.</summary>
    public static string For(KubernetesException exception) => exception.StatusCode switch
    {
        null => $"{exception.Message}. Is the cluster up, and is it the right one (--context)? kubectl cluster-info asks the same server",
        HttpStatusCode.Unauthorized => $"{exception.Message}: the API server does not accept these credentials. Log in again, or name another --context",
        HttpStatusCode.Forbidden => $"{exception.Message}. docs/kubectl-peili.md says which rights each command needs; ClusterRole peili-viewer has most of them",
        _ => exception.Message,
    };
}
