using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Peili.Containerd.Tests.Support;

namespace Peili.NodeAgent.Tests.Support;

/// <summary>An agent beside an empty containerd, with misbehaving peers.</summary>
internal sealed class FaultScenario : IAsyncDisposable
{
    /// <summary>Far beyond every bound of the agent together, for a busy machine.</summary>
    public static readonly TimeSpan Bounded = TimeSpan.FromSeconds(30);

    private const int MaxRepetitions = 10;

    private readonly ContainerdProcess _containerd;
    private readonly List<FakePeer> _peers = [];
    private TestAgent? _agent;

    private FaultScenario(ContainerdProcess containerd) => _containerd = containerd;

    public TestAgent Agent => _agent!;

    /// <summary>
    /// Runs a scenario. The agent gives its peers fractions of a second; where this machine itself stood still for longer, the scenario ends
    /// another way, which the log tells, and is run again.
    /// </summary>
    public static async Task RunAsync(Nodes nodes, Func<FaultScenario, Task> run)
    {
        for (var repetition = 1; ; repetition++)
        {
            await using var scenario = new FaultScenario(await nodes.EmptyAsync());
            try
            {
                await run(scenario);
                return;
            }
            catch (ShouldAssertException) when (repetition < MaxRepetitions && scenario.MachineStalled)
            {
                // Not what was to be tested.
            }
        }
    }

    /// <summary>A peer of the scenario; to be added before <see cref="StartAsync"/>.</summary>
    public FakePeer Add(FakePeer peer)
    {
        _peers.Add(peer);
        return peer;
    }

    public async Task StartAsync(params IEnumerable<IPEndPoint> seeds) =>
        _agent = await TestAgent.StartAsync(_containerd, [.. _peers.Select(peer => peer.Address), .. seeds]);

    /// <summary>GET of the blob, as containerd asks for it.</summary>
    public Task<RawResponse> FetchAsync(TestBlob blob, params IEnumerable<string> headers) => FetchAsync(blob.Path, headers);

    /// <summary>GET as containerd asks; whatever becomes of it, it is bounded.</summary>
    public async Task<RawResponse> FetchAsync(string target, params IEnumerable<string> headers)
    {
        var start = Stopwatch.GetTimestamp();
        var answer = await RawClient.GetAsync(Agent.Registry, target, headers);
        Stopwatch.GetElapsedTime(start).ShouldBeLessThan(Bounded);
        return answer;
    }

    /// <summary>The blob is answered 404 with an OCI error, and nothing of a peer's answer shows.</summary>
    public async Task IsNotFoundAsync(string target, params IEnumerable<string> headers)
    {
        var answer = await FetchAsync(target, headers);
        answer.Status.ShouldBe(404);
        using var document = JsonDocument.Parse(answer.Body.ToArray());
        document.RootElement.GetProperty("errors")[0].GetProperty("code").GetString()!.ShouldEndWith("_UNKNOWN");
        foreach (var header in new[] { "Location", "WWW-Authenticate", "Retry-After", "Docker-Content-Digest", "Content-Range" })
        {
            answer.Headers.ContainsKey(header).ShouldBeFalse(header);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_agent is not null)
        {
            await _agent.DisposeAsync();
        }

        foreach (var peer in _peers)
        {
            await peer.DisposeAsync();
        }
    }

    private bool MachineStalled => _agent?.Log.AtLeast(LogLevel.Warning).Any(line =>
        line.Contains("no answer within", StringComparison.Ordinal) || line.Contains("no connection within", StringComparison.Ordinal)) == true;
}
