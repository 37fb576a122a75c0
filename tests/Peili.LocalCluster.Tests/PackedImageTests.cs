using System.Diagnostics;
using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Peili.LocalCluster.Containerd;

namespace Peili.LocalCluster.Tests;

public sealed class PackedImageTests : ClusterTest
{
    private const int Unavailable = 69;

    [Fact]
    public async Task The_agents_image_runs_with_a_read_only_root_and_is_the_same_bytes_when_packed_again()
    {
        await using var cluster = await StartAsync();
        var archive = await PackAsync(Path.Combine(cluster.Directory, "first"));
        var again = await PackAsync(Path.Combine(cluster.Directory, "again"));
        var containerd = cluster.Nodes[0].Containerd;

        var config = ReadConfig(archive);
        var program = config["Entrypoint"].ShouldNotBeNull()[0]!.ToString();

        await containerd.ImportAsync(archive, Cancellation);
        await using var run = await cluster.Nodes[0].Machine.StartProcessAsync(
            ContainerdInstallation.Find(ContainerdRelease.V1_6).Ctr,
            [
                "--address", containerd.SocketPath, "--namespace", "k8s.io",
                "run", "--rm", "--read-only", "--cgroup", $"/peili-{cluster.Id}-image/run", "peili.dev/peili-agent:0.1.0", "run", program, "version",
            ],
            cancellationToken: Cancellation);
        var status = await run.Exited.WaitAsync(TimeSpan.FromMinutes(2), Cancellation);

        $"{status} {run.Error}{run.Output}".ShouldStartWith("0 0.1.0");
        (await HashAsync(again)).ShouldBe(await HashAsync(archive));
        config["User"].ShouldNotBeNull().ToString().ShouldBe("0");
        config["Labels"].ShouldNotBeNull().AsObject().Select(label => label.Key["org.opencontainers.image.".Length..])
            .ShouldBe(["title", "description", "version", "licenses", "source"], ignoreOrder: true);
    }

    private static async Task<string> PackAsync(string directory)
    {
        Assert.SkipUnless(File.Exists(Checkout.PathOf("artifacts", "bin", "peili-agent")), "artifacts/bin/peili-agent is not there (make build)");
        using var packing = Process.Start(new ProcessStartInfo(Checkout.PathOf("scripts", "build-images"), [directory])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = packing.StandardOutput.ReadToEndAsync(Cancellation);
        var error = await packing.StandardError.ReadToEndAsync(Cancellation);
        await packing.WaitForExitAsync(Cancellation);
        Assert.SkipWhen(packing.ExitCode == Unavailable, error.Trim());
        packing.ExitCode.ShouldBe(0, $"{await output}{error}");
        return Path.Combine(directory, "peili-agent.tar");
    }

    private static async Task<string> HashAsync(string file)
    {
        await using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, Cancellation));
    }

    /// <summary>The image's configuration, the one blob with an architecture.</summary>
    private static JsonObject ReadConfig(string archive)
    {
        using var file = File.OpenRead(archive);
        using var reader = new TarReader(file);
        while (reader.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is { Length: < 10_000 } document && JsonNode.Parse(document) is JsonObject json && json.ContainsKey("architecture"))
            {
                return json["config"]!.AsObject();
            }
        }

        throw new InvalidDataException($"no image configuration in {archive}");
    }
}
