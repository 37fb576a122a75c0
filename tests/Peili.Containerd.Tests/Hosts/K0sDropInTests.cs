using Peili.Containerd.Hosts;
using Peili.Containerd.Tests.Support;
using Peili.Toml;

namespace Peili.Containerd.Tests.Hosts;

/// <summary>k0s' drop-in, as real releases read it (<c>containerd config dump</c>).</summary>
public sealed class K0sDropInTests : IDisposable
{
    private readonly DirectoryInfo _host = Directory.CreateTempSubdirectory("peili-k0s-");

    public void Dispose() => _host.Delete(recursive: true);

    [Theory]
    [InlineData("1.6", 2, "io.containerd.grpc.v1.cri", null)]
    [InlineData("1.7", 2, "io.containerd.grpc.v1.cri", null)]
    [InlineData("1.7", 2, "io.containerd.grpc.v1.cri", "[plugins.\"io.containerd.grpc.v1.cri\"]\n  sandbox_image = \"air.gap/pause\"\n")]
    [InlineData("2.1", 3, "io.containerd.cri.v1.images", null)]
    [InlineData("2.1", 3, "io.containerd.cri.v1.images", "version = 3\n[plugins.'io.containerd.cri.v1.images']\n  max_concurrent_downloads = 5\n")]
    public async Task Containerd_takes_the_folder_from_it(string release, int version, string plugin, string? existing)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_host.FullName, "etc/k0s/containerd.d")).FullName;
        if (existing is not null)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "cri-registry.toml"), (version == 2 ? "version = 2\n" : "") + existing, TestContext.Current.CancellationToken);
        }

        var main = Path.Combine(_host.FullName, "main.toml");
        await File.WriteAllTextAsync(main, $"version = {version}\nimports = [\"{folder}/*.toml\"]\n", TestContext.Current.CancellationToken);
        var dropIn = new K0sDropIn(new HostRoot(_host.FullName), "/state");

        dropIn.Apply(dropIn.Plan(version).ShouldNotBeNull());

        dropIn.Plan(version).ShouldBeNull();
        var dump = TomlDocument.Parse((await ContainerdProcess.DumpConfigurationAsync(main, release)).ShouldNotBeNull());
        dump.Find("plugins", plugin, "registry", "config_path")!.AsString().ShouldBe("/etc/k0s/containerd.d/certs.d");
        if (existing is not null)
        {
            var (key, value) = version == 2 ? ("sandbox_image", "\"air.gap/pause\"") : ("max_concurrent_downloads", "5");
            dump.Find("plugins", plugin, key)!.ToString().ShouldBe(value);
        }
    }
}
