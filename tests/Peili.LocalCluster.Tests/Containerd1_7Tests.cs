using Peili.LocalCluster.Containerd;

namespace Peili.LocalCluster.Tests;

public sealed class Containerd1_7Tests() : ReleaseTests(ContainerdRelease.V1_7);
