using Peili.LocalCluster.Containerd;

namespace Peili.LocalCluster.Tests;

public sealed class Containerd2_1Tests() : ReleaseTests(ContainerdRelease.V2_1);
