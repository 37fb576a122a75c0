using Peili.NodeAgent.Peers;

namespace Peili.NodeAgent.Transfers;

/// <summary>What fetching from peers needs.</summary>
internal sealed record PeerServices(IPeerLocator Locator, PeerOpener Opener, PeerHealth Health, TransferStatistics Statistics);
