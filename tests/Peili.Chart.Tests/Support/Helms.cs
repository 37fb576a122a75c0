using Peili.LocalCluster.Kubernetes;

namespace Peili.Chart.Tests.Support;

/// <summary>Each Helm that users may have.</summary>
internal sealed class Helms : TheoryData<string>
{
    public Helms() => AddRange(Helm.Three.Version, Helm.Four.Version);
}
