using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using Peili.LocalCluster.Kubernetes;

namespace Peili.K3s.Tests;

/// <summary>An image that is to a fixture what k3s is, and no Kubernetes: what can be had where no registry is reached.</summary>
internal sealed class StandInImage : IAsyncDisposable
{
    private readonly string _archive = Path.GetTempFileName();

    private StandInImage() => Name = $"localhost/peili-stand-in:{RandomNumberGenerator.GetHexString(8, lowercase: true)}";

    internal string Name { get; }

    /// <param name="script">What the container runs with k3s' arguments, by busybox.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal static async Task<StandInImage> BuildAsync(string script, CancellationToken cancellationToken)
    {
        var image = new StandInImage();
        await using (var archive = new TarWriter(File.Create(image._archive), TarEntryFormat.Ustar))
        {
            await archive.WriteEntryAsync(KubernetesCluster.Busybox, "bin/busybox", cancellationToken);
            await archive.WriteEntryAsync(KubernetesCluster.Busybox, "bin/cat", cancellationToken);
            await WriteAsync("k3s", script);
            await WriteAsync("www/readyz", "ok");
            await WriteAsync("etc/rancher/k3s/k3s.yaml", "clusters: [{cluster: {server: 'https://127.0.0.1:6443'}}]");

            Task WriteAsync(string path, string text) => archive.WriteEntryAsync(
                new UstarTarEntry(TarEntryType.RegularFile, path) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) }, cancellationToken);
        }

        var imported = await DockerCommand.RunAsync(
            ["import", "--change", """ENTRYPOINT ["/bin/busybox", "sh", "/k3s"]""", image._archive, image.Name], cancellationToken);
        imported.OutputOrThrow("docker import");
        return image;
    }

    public async ValueTask DisposeAsync()
    {
        File.Delete(_archive);
        (await DockerCommand.RunAsync(["rmi", "--force", Name], CancellationToken.None)).OutputOrThrow($"docker rmi {Name}");
    }
}
