using Peili.Overlay;

namespace Peili.NodeAgent.Membership;

/// <summary>Every member but this node, for reports: <see cref="ClusterOverlay.Others"/>, where no test has others.</summary>
internal delegate IEnumerable<OverlayMember> OtherMembers();
