using System.Net;
using System.Security.Cryptography.X509Certificates;
using Peili.LocalCluster;
using Peili.LocalCluster.Agents;
using Peili.LocalCluster.Containerd;
using Peili.LocalCluster.Images;
using Peili.LocalCluster.Security;
using Peili.LocalCluster.Upstream;

namespace Peili.Pulls.Tests;

/// <summary>One node without an agent; in the agent's place, and beside it, mirrors that remember what they are asked.</summary>
public abstract class RecordedCluster(ContainerdRelease release) : IAsyncLifetime
{
    public const int OtherPort = 29960;
    public const int SecuredPort = 29961;

    private readonly CertificateAuthority _authority = new();

    private Cluster? _cluster;
    private RecordingMirror? _agent;
    private RecordingMirror? _other;
    private RecordingMirror? _secured;
    private X509Certificate2? _certificate;

    public string? WhyNot { get; } = Cluster.WhyNot(release);

    public Cluster Cluster => _cluster ?? throw new InvalidOperationException("the cluster was not started");

    /// <summary>Where hosts.toml has the agent.</summary>
    public RecordingMirror Agent => _agent ?? throw new InvalidOperationException("the cluster was not started");

    /// <summary>Another registry on the node.</summary>
    public RecordingMirror Other => _other ?? throw new InvalidOperationException("the cluster was not started");

    /// <summary>One that speaks TLS, and wants a certificate of its clients: the files below.</summary>
    public RecordingMirror Secured => _secured ?? throw new InvalidOperationException("the cluster was not started");

    public string AuthorityFile => Path.Combine(Node.Directory, "mirror-ca.pem");

    public string CertificateFile => Path.Combine(Node.Directory, "mirror.pem");

    public string KeyFile => Path.Combine(Node.Directory, "mirror-key.pem");

    public ClusterNode Node => Cluster.Nodes[0];

    public string StatePath => Path.Combine(Node.Directory, "agent");

    public async ValueTask InitializeAsync()
    {
        if (WhyNot is null)
        {
            _cluster = await Cluster.StartAsync(new ClusterOptions { Nodes = 1, Node = new NodeOptions { Containerd = release } });
            var image = await _cluster.BuildAsync(new ImageRecipe { Seed = MirroredCluster.NextSeed() });
            _agent = await RecordingMirror.StartAsync(Node.Machine, AgentProcess.RegistryEndpoint.Port, image, null, CancellationToken.None);
            _other = await RecordingMirror.StartAsync(Node.Machine, OtherPort, image, null, CancellationToken.None);
            var (certificate, key) = _authority.Issue(identity: null, address: IPAddress.Loopback);
            await File.WriteAllTextAsync(AuthorityFile, _authority.Pem);
            await File.WriteAllTextAsync(CertificateFile, certificate);
            await File.WriteAllTextAsync(KeyFile, key);
            _certificate = X509Certificate2.CreateFromPem(certificate, key);
            _secured = await RecordingMirror.StartAsync(Node.Machine, SecuredPort, image, _certificate, CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await (_agent?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_other?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_secured?.DisposeAsync() ?? ValueTask.CompletedTask);
        _certificate?.Dispose();
        _authority.Dispose();
        await (_cluster?.DisposeAsync() ?? ValueTask.CompletedTask);
        GC.SuppressFinalize(this);
    }

    /// <summary>Empties certs.d, but for what makes upstream's plain HTTP known.</summary>
    public async Task ResetAsync(CancellationToken cancellationToken)
    {
        foreach (var directory in Directory.GetDirectories(Node.Containerd.HostsDirectory))
        {
            Directory.Delete(directory, recursive: true);
        }

        if (Directory.Exists(StatePath))
        {
            Directory.Delete(StatePath, recursive: true);
        }

        await WriteAsync(UpstreamRegistry.Host, $"server = \"http://{UpstreamRegistry.Host}\"\n\n[host]\n", cancellationToken);
        await Cluster.Upstream.StartAsync(cancellationToken);
        await Cluster.Upstream.ForgetRequestsAsync(cancellationToken);
        Agent.Forget();
        Other.Forget();
        Secured.Forget();
    }

    public async Task WriteAsync(string registry, string hosts, CancellationToken cancellationToken)
    {
        var directory = Directory.CreateDirectory(Path.Combine(Node.Containerd.HostsDirectory, registry));
        await File.WriteAllTextAsync(Path.Combine(directory.FullName, "hosts.toml"), hosts, cancellationToken);
    }

    /// <summary>Runs the agent's <c>configure</c> or <c>cleanup</c> on the node.</summary>
    public async Task RunAsync(string command, IEnumerable<string> options, CancellationToken cancellationToken)
    {
        var result = await AgentCommand.RunAsync(Node, [command, "--hosts-dir", Node.Containerd.HostsDirectory, "--state-path", StatePath, .. options], cancellationToken);
        result.Status.ShouldBe(0, result.Output + result.Error);
    }
}
