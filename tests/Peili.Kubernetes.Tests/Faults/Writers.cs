using Peili.Kubernetes.Models;
using Peili.Kubernetes.Rest;
using Peili.Kubernetes.Tests.Support;

namespace Peili.Kubernetes.Tests.Faults;

/// <summary>Creates, changes and deletes ConfigMaps at random, past the faults.</summary>
internal sealed class Writers(KubernetesClient client, string inNamespace, int seed)
{
    private const int Names = 12;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(40);

    private int _written;

    /// <summary>How much was written.</summary>
    public int Written => _written;

    /// <summary>Writes until the token fires, with several hands that have names of their own.</summary>
    public Task RunAsync(int hands, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, hands).Select(hand => WriteAsync(hand, new Random(seed + hand), cancellationToken)));

    private async Task WriteAsync(int hand, Random random, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await WriteOnceAsync(new NamespacedName(inNamespace, $"item-{hand}-{random.Next(Names)}"), random.Next(3) == 0);
                Interlocked.Increment(ref _written);
            }
            catch (KubernetesException)
            {
                // The API server is away for the moment. What it did of this the final list tells.
            }

            await Task.Delay(s_pause, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task WriteOnceAsync(NamespacedName key, bool deletes)
    {
        if (deletes)
        {
            await client.DeleteAsync(ConfigMap.ResourceKind, key, CancellationToken.None);
        }
        else
        {
            await client.ApplyAsync(ConfigMap.ResourceKind, ConfigMap.Of(inNamespace, key.Name, $"{Guid.NewGuid():N}", "source"), "writer", CancellationToken.None);
        }
    }
}
