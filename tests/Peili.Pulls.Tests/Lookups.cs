using System.Net;
using Peili.LocalCluster;
using Peili.LocalCluster.Agents;
using Peili.LocalCluster.Images;

namespace Peili.Pulls.Tests;

/// <summary>
/// Asks one running agent after the other, again and again, for a layer that others hold, as its containerd does (HEAD): each must find it.
/// A lookup ends within 20 ms, found or not. Two processors that run sixty processes stand still for as long now and then: who finds nothing
/// is asked again, and must find it then; how often that was is counted.
/// </summary>
internal sealed class Lookups : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _stopping = new();
    private readonly IReadOnlyList<ClusterNode> _askers;
    private readonly Uri _layer;
    private readonly List<string> _failed = [];
    private readonly Dictionary<string, int> _processes;
    private readonly Task _running;
    private int _done;
    private int _repeated;

    /// <param name="askers">Nodes that do not hold the image.</param>
    /// <param name="image">What to look for.</param>
    public Lookups(IReadOnlyList<ClusterNode> askers, PushedImage image)
    {
        _askers = askers;
        _layer = new Uri($"http://{AgentProcess.RegistryEndpoint}/v2/{image.Repository}/blobs/{image.Image.Layers[0].Digest}?ns={image.Registry}");
        _processes = askers.ToDictionary(node => node.Name, node => node.Agent.Process.Id, StringComparer.Ordinal);
        _running = RunAsync();
    }

    /// <summary>Ends it: how many lookups were answered, how many were asked twice, and who found nothing twice.</summary>
    public async Task<(int Done, int Repeated, IReadOnlyList<string> Failed)> StopAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        return (_done, _repeated, _failed);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        for (var turn = 0; !_stopping.IsCancellationRequested; turn++)
        {
            var node = _askers[turn % _askers.Count];
            if (_processes[node.Name] != node.Agent.Process.Id)
            {
                // It has only just been started, and may not have met anybody yet: it is asked in its next turn.
                _processes[node.Name] = node.Agent.Process.Id;
                continue;
            }

            try
            {
                var status = await AskAsync(node);
                if (status == HttpStatusCode.NotFound)
                {
                    _repeated++;
                    await Task.Delay(Pause, CancellationToken.None);
                    status = await AskAsync(node);
                }

                _done++;
                if (status != HttpStatusCode.OK)
                {
                    _failed.Add($"{DateTime.UtcNow:O} {node.Name}: {(int)status}");
                }
            }
            catch (HttpRequestException)
            {
                // This very agent is being restarted: it is the others that must go on.
            }

            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    private async Task<HttpStatusCode> AskAsync(ClusterNode node)
    {
        using var client = node.Machine.CreateHttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Head, _layer);
        request.Headers.Add("X-Peili-Node", (await File.ReadAllTextAsync(Path.Combine(node.Agent.StatePath, "registry.secret"), CancellationToken.None)).Trim());
        using var answer = await client.SendAsync(request, CancellationToken.None);
        return answer.StatusCode;
    }
}
