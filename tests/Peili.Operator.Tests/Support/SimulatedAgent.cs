using System.Net;
using Peili.AgentApi;

namespace Peili.Operator.Tests.Support;

/// <summary>What the agent of one node would answer. Stands in for a real one where there is no containerd; it keeps the orders it gets.</summary>
internal sealed class SimulatedAgent(string node, IPAddress address)
{
    private int _version;

    public string Node => node;

    public IPAddress Address => address;

    /// <summary>Whether it answers at all.</summary>
    public bool IsUp { get; set; } = true;

    /// <summary>How long it takes to answer.</summary>
    public TimeSpan Hesitation { get; set; }

    public string NotReady { get; set; } = "";

    public string Flavor { get; set; } = "kubeadm";

    public string Verdict { get; set; } = "Compatible";

    public bool IsReleased { get; set; }

    public string Zone { get; set; } = "";

    /// <summary>What it has got from peers since it started, in bytes.</summary>
    public long FromPeers { get; set; } = 1000;

    /// <summary>What it answers differently from the agents of this version; null for nothing.</summary>
    public Action<StatusReply>? Differs { get; set; }

    /// <summary>What it cannot put back when it is released, each with the reason.</summary>
    public List<string> Left { get; } = [];

    public List<string> Orders { get; } = [];

    /// <summary>Goes up when the members would hear of a change.</summary>
    public uint StatusVersion => (uint)_version;

    /// <summary>How often it was asked for its status.</summary>
    public int Asked { get; set; }

    public void Change(Action<SimulatedAgent> change)
    {
        change(this);
        Interlocked.Increment(ref _version);
    }

    public StatusReply Answer(Loaded loaded, int alive)
    {
        Asked++;
        var reply = new StatusReply
        {
            Version = "0.1.0",
            NodeName = node,
            NotReady = NotReady,
            Since = 1_700_000_000_000,
            RegistryAuth = "header",
            Released = IsReleased,
            Loaded = loaded,
            Zone = Zone,
            Address = $"{address}:29951",
            Check = new Check { Flavor = Flavor, Verdict = Verdict, ContainerdVersion = "1.7.24" },
            Overlay = new OverlayCounts { Members = (uint)alive, Alive = (uint)alive, Digests = 12, Images = 3 },
            Bytes = new Bytes { FromPeers = FromPeers },
        };
        reply.Registries.Add(new RegistryState { Host = "_default", State = IsReleased ? "Released" : "Mirrored" });
        if (Verdict == "NeedsConfiguration")
        {
            reply.Check.Findings.Add(new CheckFinding
            {
                Reason = "LayersDiscarded",
                Severity = "Error",
                Message = "discard_unpacked_layers is on",
                Evidence = "/etc/containerd/config.toml:3",
                Remedy = "Set it to false.",
            });
        }

        Differs?.Invoke(reply);
        return reply;
    }
}
