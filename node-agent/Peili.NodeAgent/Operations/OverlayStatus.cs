namespace Peili.NodeAgent.Operations;

/// <summary>This agent's part in the overlay.</summary>
/// <param name="Address">Where other agents reach it.</param>
/// <param name="Zone">Its zone.</param>
/// <param name="Sealed">Whether datagrams are sealed under the cluster's keys.</param>
/// <param name="NameTakenBy">Address of another live agent of the same node name, which wins; null as it should be.</param>
/// <param name="Announced">Blobs and tags that the others are told of.</param>
/// <param name="Lookups">Since start.</param>
/// <param name="LookupsHedged">Lookups whose first tracker was late.</param>
/// <param name="Deaths">Members taken for dead.</param>
/// <param name="BytesSent">Datagrams and bulk bodies, without headers.</param>
/// <param name="Dropped">Datagrams dropped, by reason.</param>
/// <param name="Refused">Peers refused at the TLS handshake, by reason.</param>
/// <param name="Members">Every other member.</param>
internal sealed record OverlayStatus(
    string? Address,
    string Zone,
    bool Sealed,
    string? NameTakenBy,
    int Announced,
    long Lookups,
    long LookupsHedged,
    long Deaths,
    long BytesSent,
    IReadOnlyDictionary<string, long> Dropped,
    IReadOnlyDictionary<string, long> Refused,
    IReadOnlyList<MemberReport> Members);
