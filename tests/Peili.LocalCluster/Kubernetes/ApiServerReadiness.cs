using System.Diagnostics;
using System.Net;

namespace Peili.LocalCluster.Kubernetes;

/// <summary>Waits for an API server that was just started.</summary>
internal static class ApiServerReadiness
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(4);

    /// <summary>Asks /readyz until it says so.</summary>
    /// <param name="client">Whose base address is the server's.</param>
    /// <param name="hasDied">Whether waiting is in vain.</param>
    /// <param name="readLogs">What the message ends with when it did not become ready.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="InvalidOperationException">It has died, or four minutes are over.</exception>
    internal static async Task WaitAsync(HttpClient client, Func<bool> hasDied, Func<string> readLogs, CancellationToken cancellationToken)
    {
        for (var start = Stopwatch.GetTimestamp(); ; await Task.Delay(100, cancellationToken))
        {
            try
            {
                using var answer = await client.GetAsync(new Uri("/readyz", UriKind.Relative), cancellationToken);
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    return;
                }
            }
            catch (Exception notYet) when (notYet is HttpRequestException || (notYet is TaskCanceledException && !cancellationToken.IsCancellationRequested))
            {
                // It is still starting; the bound below says when to give up.
            }

            if (Stopwatch.GetElapsedTime(start) > s_patience || hasDied())
            {
                throw new InvalidOperationException($"kube-apiserver did not become ready:\n{readLogs()}");
            }
        }
    }
}
