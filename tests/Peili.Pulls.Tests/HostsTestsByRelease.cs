using Peili.LocalCluster.Containerd;

namespace Peili.Pulls.Tests;

#pragma warning disable MA0048 // The same tests on each release: classes that differ in one word.
public sealed class RecordedCluster1_6() : RecordedCluster(ContainerdRelease.V1_6);

public sealed class RecordedCluster1_7() : RecordedCluster(ContainerdRelease.V1_7);

public sealed class RecordedCluster2_1() : RecordedCluster(ContainerdRelease.V2_1);

public sealed class HostsTests1_6(RecordedCluster1_6 nodes) : HostsTests(nodes), IClassFixture<RecordedCluster1_6>;

public sealed class HostsTests1_7(RecordedCluster1_7 nodes) : HostsTests(nodes), IClassFixture<RecordedCluster1_7>;

public sealed class HostsTests2_1(RecordedCluster2_1 nodes) : HostsTests(nodes), IClassFixture<RecordedCluster2_1>;
#pragma warning restore MA0048
