using System.Diagnostics.Metrics;
using Peili.AgentApi.Security;
using Peili.Containerd;
using Peili.Flavors;
using Peili.NodeAgent.Commands;
using Peili.NodeAgent.Control;
using Peili.NodeAgent.Hosting;
using Peili.NodeAgent.Operations;
using Peili.NodeAgent.Security;

namespace Peili.NodeAgent.Metrics;

/// <summary>How this agent and its node stand.</summary>
internal static class NodeMetrics
{
    public static void Add(Meter meter, Readiness readiness, ImageStoreWatcher watcher, NodeChecker checker, Refusals? refusals, CredentialsSource? credentials, HostsKeeper? hosts)
    {
        meter.CreateObservableGauge("peili.agent.build.info", () => Labels.Measure(1, ("version", AgentVersion.Current)), description: "The running version; always 1.");
        meter.CreateObservableGauge("peili.agent.ready", () => readiness.WhyNot is null ? 1 : 0, description: "1 when the agent serves what containerd holds.");
        meter.CreateObservableGauge("peili.agent.containerd.connected", () => watcher.State.Connected ? 1 : 0, description: "1 while containerd answers.");
        meter.CreateObservableGauge("peili.agent.images", () => watcher.Current?.Images ?? 0, "{image}", "Image names in containerd's namespace.");
        meter.CreateObservableGauge("peili.agent.blobs", () => watcher.Current?.Digests.Count ?? 0, "{blob}", "Blobs that containerd has committed there.");
        meter.CreateObservableGauge(
            "peili.agent.verdict",
            () => Labels.Each<FlavorVerdict>("verdict", verdict => checker.Report?.Verdict == verdict ? 1 : 0),
            description: "1 for what the check says of this node's containerd; all 0 before the first.");
        meter.CreateObservableCounter(
            "peili.agent.peers.refused",
            () => Labels.Each<RefusalReason>("reason", reason => refusals?.Count(reason) ?? 0),
            "{peer}",
            "TLS handshakes refused, by what was wrong with the certificate.");
        meter.CreateObservableCounter("peili.agent.hosts.written", () => hosts?.Written ?? 0, "{file}", "Files of certs.d written; more than one each means that somebody else writes them too.");
        if (hosts is not null)
        {
            meter.CreateObservableGauge(
                "peili.agent.hosts.state", () => Labels.Each<HostsStep>("state", step => hosts.State.Step == step ? 1 : 0), description: "1 for how containerd's hosts in certs.d stand.");
        }

        if (credentials is not null)
        {
            meter.CreateObservableGauge(
                "peili.agent.certificate.expiry.timestamp",
                () => new DateTimeOffset(credentials.Current.ValidUntil).ToUnixTimeSeconds(),
                "s",
                "When the agent's certificate expires, in seconds since 1970.");
        }
    }
}
