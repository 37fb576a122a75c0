using System.Text.Json;
using Peili.LocalCluster;
using Peili.LocalCluster.Agents;
using Peili.LocalCluster.Containerd;
using Peili.LocalCluster.Images;
using Peili.LocalCluster.Security;

namespace Peili.Pulls.Tests;

/// <summary>A real cluster with an agent on every node, shared by the tests of one class. Each test uses an image that no node has seen.</summary>
public abstract class MirroredCluster(ClusterOptions options) : IAsyncLifetime
{
    private static int s_lastSeed;

    private Cluster? _cluster;
    private SecurityFiles? _security;
    private AgentOptions? _usual;

    /// <summary>Why it cannot run here; tests are skipped with it.</summary>
    public string? WhyNot { get; } = Cluster.WhyNot(options.Node.Containerd);

    /// <summary>Who issued the agents' certificate.</summary>
    public CertificateAuthority Authority { get; } = new();

    /// <summary>The overlay's key.</summary>
    public string Key { get; } = SecurityFiles.NewKey();

    /// <summary>The agents' files, which they watch.</summary>
    public SecurityFiles Security => _security ?? throw new InvalidOperationException("the cluster was not started");

    /// <summary>Environment variables of the agents.</summary>
    protected virtual IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>();

    /// <summary>Arguments of the agents.</summary>
    protected virtual IReadOnlyList<string> Arguments { get; } = [];

    /// <summary>Whether the agents keep certs.d.</summary>
    protected virtual bool WritesHosts => true;

    public Cluster Cluster => _cluster ?? throw new InvalidOperationException("the cluster was not started");

    public ClusterNode First => Cluster.Nodes[0];

    public ClusterNode Second => Cluster.Nodes[1];

    public ClusterNode Third => Cluster.Nodes[2];

    /// <summary>Options of a cluster with IPv6 only and content_sharing_policy isolated.</summary>
    protected static ClusterOptions IsolatedOptions(ContainerdRelease release) => new()
    {
        IPv6 = true,
        Node = new NodeOptions { Containerd = release, Settings = new ContainerdSettings { IsolatedContent = true } },
    };

    /// <summary>A seed for an image that differs from every other one of this run.</summary>
    public static int NextSeed() => Interlocked.Increment(ref s_lastSeed);

    public async ValueTask InitializeAsync()
    {
        if (WhyNot is null)
        {
            _cluster = await Cluster.StartAsync(options);
            _security = new SecurityFiles(Path.Combine(Cluster.Directory, "security"), Authority);
            _security.WriteKeys(Key);
            await Task.WhenAll(Cluster.Nodes.Select(node => node.Agent.StartAsync(OptionsOf())));
            await Cluster.WaitJoinedAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        Authority.Dispose();

        GC.SuppressFinalize(this);
    }

    /// <summary>Puts every node and the upstream back to working order, whatever the last test did to them.</summary>
    public async Task RestoreAsync(CancellationToken cancellationToken)
    {
        await Cluster.Upstream.StartAsync(cancellationToken);
        foreach (var node in Cluster.Nodes)
        {
            if (node.Agent.IsRunning && !ReferenceEquals(node.Agent.Options, OptionsOf()))
            {
                await node.Agent.StopAsync(cancellationToken);
            }

            if (!node.Agent.IsRunning)
            {
                await node.Agent.StartAsync(OptionsOf(), cancellationToken);
            }
        }

        await Cluster.WaitJoinedAsync(cancellationToken);
        await Cluster.Upstream.ForgetRequestsAsync(cancellationToken);
    }

    /// <summary>How agents are started here: mutual TLS and the registry secret on.</summary>
    public AgentOptions OptionsOf(params string[] arguments)
    {
        _usual ??= new AgentOptions { Security = _security, Environment = Environment, WriteHosts = WritesHosts, ExtraArguments = Arguments };
        return arguments.Length == 0 ? _usual : _usual with { ExtraArguments = [.. Arguments, .. arguments] };
    }

    /// <summary>Publishes a new image upstream.</summary>
    public Task<PushedImage> PublishAsync(ImageRecipe recipe, CancellationToken cancellationToken) =>
        Cluster.PublishAsync(recipe, $"test/app{recipe.Seed}", "v1", cancellationToken);

    /// <summary>What the agents wrote last, for the message of a failed test.</summary>
    public string ReadAgentLogs() => string.Join('\n', Cluster.Nodes.Select(node => $"--- {node.Name}\n{node.Agent.Log}"));

    /// <summary>What an agent says at /status.</summary>
    public static Task<JsonElement> ReadStatusAsync(ClusterNode node, CancellationToken cancellationToken) =>
        node.Agent.ReadAsync("/status", cancellationToken);

    /// <summary>One of the totals at /status.</summary>
    public static async Task<long> ReadTotalAsync(ClusterNode node, string name, CancellationToken cancellationToken) =>
        (await ReadStatusAsync(node, cancellationToken)).GetProperty("transfers").GetProperty(name).GetInt64();
}
