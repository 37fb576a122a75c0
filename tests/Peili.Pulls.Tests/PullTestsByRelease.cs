namespace Peili.Pulls.Tests;

#pragma warning disable MA0048 // The same tests on each release: classes that differ in one word.
public sealed class PullTests1_6(Cluster1_6 nodes) : PullTests(nodes), IClassFixture<Cluster1_6>;

public sealed class PullTests1_7(Cluster1_7 nodes) : PullTests(nodes), IClassFixture<Cluster1_7>;

public sealed class PullTests2_1(Cluster2_1 nodes) : PullTests(nodes), IClassFixture<Cluster2_1>;

public sealed class ResumptionTests1_6(Cluster1_6 nodes) : ResumptionTests(nodes), IClassFixture<Cluster1_6>;

public sealed class ResumptionTests1_7(Cluster1_7 nodes) : ResumptionTests(nodes), IClassFixture<Cluster1_7>;

public sealed class ResumptionTests2_1(Cluster2_1 nodes) : ResumptionTests(nodes), IClassFixture<Cluster2_1>;

public sealed class HungAgentTests1_6(Cluster1_6 nodes) : HungAgentTests(nodes), IClassFixture<Cluster1_6>;

public sealed class HungAgentTests1_7(Cluster1_7 nodes) : HungAgentTests(nodes), IClassFixture<Cluster1_7>;

public sealed class HungAgentTests2_1(Cluster2_1 nodes) : HungAgentTests(nodes), IClassFixture<Cluster2_1>;

public sealed class IsolatedTests1_6(IsolatedCluster1_6 nodes) : IsolatedTests(nodes), IClassFixture<IsolatedCluster1_6>;

public sealed class IsolatedTests1_7(IsolatedCluster1_7 nodes) : IsolatedTests(nodes), IClassFixture<IsolatedCluster1_7>;

public sealed class IsolatedTests2_1(IsolatedCluster2_1 nodes) : IsolatedTests(nodes), IClassFixture<IsolatedCluster2_1>;
public sealed class AnnouncementTests1_6(Cluster1_6 nodes) : AnnouncementTests(nodes), IClassFixture<Cluster1_6>;

public sealed class AnnouncementTests2_1(Cluster2_1 nodes) : AnnouncementTests(nodes), IClassFixture<Cluster2_1>;

public sealed class ColdStartTests1_6(Herd1_6 nodes) : ColdStartTests(nodes), IClassFixture<Herd1_6>;

public sealed class ColdStartTests2_1(Herd2_1 nodes) : ColdStartTests(nodes), IClassFixture<Herd2_1>;

public sealed class CheckTests1_6(SingleNode1_6 nodes) : CheckTests(nodes), IClassFixture<SingleNode1_6>;

public sealed class CheckTests1_7(SingleNode1_7 nodes) : CheckTests(nodes), IClassFixture<SingleNode1_7>;

public sealed class CheckTests2_1(SingleNode2_1 nodes) : CheckTests(nodes), IClassFixture<SingleNode2_1>;
#pragma warning restore MA0048
