namespace Peili.NodeAgent.Operations;

/// <summary>One member of the overlay, as this agent sees it.</summary>
/// <param name="Name">Its node name.</param>
/// <param name="Address">Of its peer endpoint.</param>
/// <param name="Zone">Its zone.</param>
/// <param name="Version">Its program's version.</param>
/// <param name="State">alive, suspect, dead or left.</param>
/// <param name="Status">What it says of itself: warming, ready, returning or leaving.</param>
/// <param name="Condition">UdpBlocked: it answers over TCP alone, a firewall stands between. Avoided: requests to it failed. Null when all is well.</param>
internal sealed record MemberReport(string Name, string Address, string Zone, string Version, string State, string Status, string? Condition);
