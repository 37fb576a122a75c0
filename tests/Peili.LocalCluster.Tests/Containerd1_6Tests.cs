using Peili.LocalCluster.Containerd;

namespace Peili.LocalCluster.Tests;

public sealed class Containerd1_6Tests() : ReleaseTests(ContainerdRelease.V1_6);
