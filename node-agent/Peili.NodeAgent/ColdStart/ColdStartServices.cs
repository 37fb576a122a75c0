using Peili.NodeAgent.Configuration;
using Peili.NodeAgent.Membership;
using Peili.NodeAgent.Peers;
using Peili.NodeAgent.Transfers;
using Peili.Overlay.ColdStart;

namespace Peili.NodeAgent.ColdStart;

/// <summary>What fetching a blob that may still be on its way needs.</summary>
internal sealed record ColdStartServices(
    AgentOptions Options,
    ClusterOverlay Overlay,
    PeerClient Client,
    PeerServices Peers,
    GrowingBlobs Blobs,
    Leases Leases,
    WaitingBudget Budget,
    RegistryRates Rates,
    RelayCounters Counters,
    TimeProvider Time,
    ILogger<RelayFetch> Logger);
