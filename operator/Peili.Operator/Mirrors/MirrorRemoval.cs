using Peili.Crds;
using Peili.Kubernetes.Rest;

namespace Peili.Operator.Mirrors;

/// <summary>
/// Deletes every RegistryMirror and waits until they are gone, which they are when the operator has put each of their nodes back. It only asks: the operator must be running.
/// </summary>
/// <param name="client">The cluster.</param>
/// <param name="time">The clock.</param>
/// <param name="output">Gets a line whenever what is waited for is something else.</param>
internal sealed class MirrorRemoval(KubernetesClient client, TimeProvider time, TextWriter output)
{
    private const string OperatorPods = "kubectl get pods -A -l app.kubernetes.io/name=peili,app.kubernetes.io/component=operator";
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    /// <summary>Deletes and waits.</summary>
    /// <exception cref="TimeoutException">Some are still there; they stay marked for deletion.</exception>
    /// <exception cref="KubernetesException">The API server refuses.</exception>
    public async Task RunAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        var said = "";
        for (var begun = time.GetTimestamp(); await FindAsync(cancellationToken) is { Count: > 0 } mirrors; await Task.Delay(s_interval, time, cancellationToken))
        {
            // One that is created while others go as well: nobody would look after it soon.
            foreach (var mirror in mirrors.Where(mirror => mirror.Metadata.DeletionTimestamp is null))
            {
                await client.DeleteAsync(CrdKinds.RegistryMirror, mirror.Key, cancellationToken);
            }

            var waiting = string.Join("; ", mirrors.Select(Describe));
            if (time.GetElapsedTime(begun) > timeout)
            {
                throw new TimeoutException($"still there after {timeout.TotalSeconds:0} s: {waiting} Does the operator run? It is what puts nodes back ({OperatorPods})");
            }

            if (waiting != said)
            {
                await output.WriteLineAsync($"waiting for {said = waiting}");
            }
        }

        await output.WriteLineAsync("no RegistryMirror is left; events (NotReleased, HostsLeft) name the nodes that could not be put back");
    }

    private static string Describe(RegistryMirror mirror)
    {
        var progress = mirror.Status?.Conditions.FirstOrDefault(condition => condition is { Type: MirrorConditions.Progressing, Reason: "Deleting" or "Paused" });
        return $"RegistryMirror {mirror.Key.Name}: {progress?.Message ?? "The operator has not looked at it yet."}";
    }

    private async Task<IReadOnlyList<RegistryMirror>> FindAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await client.ListAsync(CrdKinds.RegistryMirror, new ListOptions(), cancellationToken)).Items;
        }
        catch (KubernetesException exception) when (exception.IsNotFound)
        {
            return []; // Their definition is not there.
        }
    }
}
