using Peili.LocalCluster.Kubernetes;

namespace Peili.LocalCluster.Tests;

public sealed class ControlPlaneProgramsTests : IDisposable
{
    private readonly string _assets = Directory.CreateTempSubdirectory("peili-assets-").FullName;

    public void Dispose() => Directory.Delete(_assets, recursive: true);

    [Fact]
    public void What_KUBEBUILDER_ASSETS_names_counts_when_both_programs_are_there()
    {
        File.WriteAllText(Path.Combine(_assets, "etcd"), "");
        ControlPlanePrograms.TryFind(_assets).ShouldBe(ControlPlanePrograms.TryFind(null));
        File.WriteAllText(Path.Combine(_assets, "kube-apiserver"), "");
        ControlPlanePrograms.TryFind(_assets).ShouldBe(_assets);
    }
}
