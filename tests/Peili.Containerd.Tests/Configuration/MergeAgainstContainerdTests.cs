using System.Globalization;
using System.Text;
using Peili.Containerd.Configuration;
using Peili.Containerd.Tests.Support;
using Peili.Toml;

namespace Peili.Containerd.Tests.Configuration;

/// <summary>Random root files and drop-ins, read by us and by <c>containerd config dump</c> of the real releases.</summary>
public sealed class MergeAgainstContainerdTests : IDisposable
{
    private const int Rounds = 80;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("peili-merge-");

    [Theory]
    [InlineData("1.6", 2)]
    [InlineData("1.7", 2)]
    [InlineData("2.1", 3)]
    public async Task Files_mean_the_same_to_us_as_to_containerd(string release, int highestVersion)
    {
        ReleaseNumber.TryParse(release, out var number).ShouldBeTrue();
        var refused = 0;
        for (var seed = 0; seed < Rounds; seed++)
        {
            var random = new Random(seed);
            var root = Write(random, seed, highestVersion);
            var read = ConfigurationReader.Read(HostRoot.Own, root, number);
            var because = $"seed {seed}\n{string.Join("\n---\n", read.Files.Select(file => $"{file.Path}\n{file.Document}"))}";
            if (await ContainerdProcess.DumpConfigurationAsync(root, release) is not { } dumped)
            {
                read.Refusal.ShouldNotBeNull(because);
                refused++;
                continue;
            }

            read.Refusal.ShouldBeNull(because);
            var dump = TomlDocument.Parse(dumped);
            var (top, storage) = number.Major < 2
                ? (dump.Find("plugins", "io.containerd.grpc.v1.cri"), dump.Find("plugins", "io.containerd.grpc.v1.cri", "containerd"))
                : (dump.Find("plugins", "io.containerd.cri.v1.images"), dump.Find("plugins", "io.containerd.cri.v1.images"));
            read.Images.ConfigPath.Value.ShouldBe(top!.Find("registry", "config_path")!.AsString(), because);
            read.Images.Mirrors.Count.ShouldBe((top.Find("registry", "mirrors") as TomlTable)?.Count ?? 0, because);
            read.Images.MaxConcurrentDownloads.Value.ShouldBe(top.Find("max_concurrent_downloads")!.AsInteger(), because);
            read.Images.DiscardUnpackedLayers.Value.ShouldBe(storage!.Find("discard_unpacked_layers")!.AsBoolean(), because);
            read.Images.Snapshotter.Value.ShouldBe(storage.Find("snapshotter")!.AsString(), because);
            read.SharingPolicy.Value.ShouldBe(dump.Find("plugins", "io.containerd.metadata.v1.bolt", "content_sharing_policy")!.AsString(), because);
            if (read.Images.ConfigPath is { Source: { } source, Value: { Length: > 0 } path })
            {
                File.ReadLines(source.File).ElementAt(source.Line - 1).ShouldContain(path, Case.Sensitive, because);
            }
        }

        refused.ShouldBeInRange(1, Rounds / 2);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>A root file and up to two drop-ins, one of which may import a third.</summary>
    private string Write(Random random, int seed, int highestVersion)
    {
        var folder = _folder.CreateSubdirectory(seed.ToString(CultureInfo.InvariantCulture)).FullName;
        Directory.CreateDirectory(Path.Combine(folder, "conf.d"));
        var imports = random.Next(3) switch
        {
            0 => $"imports = [\"{folder}/conf.d/*.toml\"]\n",
            1 => $"imports = [\"conf.d/a.toml\", \"{folder}/conf.d/b.toml\"]\n",
            _ => string.Empty,
        };
        var root = Path.Combine(folder, "config.toml");
        File.WriteAllText(root, Content(random, "root", imports, highestVersion));
        File.WriteAllText(Path.Combine(folder, "conf.d", "a.toml"), Content(random, "a", random.Next(2) == 0 ? "imports = [\"c.conf\"]\n" : string.Empty, highestVersion));
        File.WriteAllText(Path.Combine(folder, "conf.d", "b.toml"), Content(random, "b", $"imports = [\"{root}\"]\n", highestVersion));
        File.WriteAllText(Path.Combine(folder, "conf.d", "c.conf"), Content(random, "c", string.Empty, highestVersion));
        return root;
    }

    private static string Content(Random random, string name, string imports, int highestVersion)
    {
        var version = random.Next(4) == 0 ? 0 : random.Next(2) == 0 ? highestVersion : random.Next(1, highestVersion + (random.Next(8) == 0 ? 2 : 1));
        var text = new StringBuilder(version == 0 ? string.Empty : $"version = {version}\n").Append(imports);
        // Of two names of one plugin in a version 1 file, containerd 2.x takes either, as it happens.
        if (random.Next(2) == 0)
        {
            AppendPlugin(random, text, name, version < 2 || random.Next(8) == 0 ? "cri" : "\"io.containerd.grpc.v1.cri\"", ".containerd");
        }

        if (random.Next(2) == 0)
        {
            AppendPlugin(random, text, name, "'io.containerd.cri.v1.images'", string.Empty);
        }

        if (random.Next(10) == 0)
        {
            text.Insert(0, $"disabled_plugins = [\"{(random.Next(3) == 0 ? "opt" : "io.containerd.internal.v1.opt")}\"]\n");
        }

        if (random.Next(4) == 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"[plugins.{(random.Next(3) == 0 ? "bolt" : "\"io.containerd.metadata.v1.bolt\"")}]\ncontent_sharing_policy = \"isolated\"\n");
        }

        return text.ToString();
    }

    private static void AppendPlugin(Random random, StringBuilder text, string name, string plugin, string storage)
    {
        text.Append(CultureInfo.InvariantCulture, $"[plugins.{plugin}]\n");
        if (random.Next(3) == 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"max_concurrent_downloads = {random.Next(1, 9)}\n");
        }

        if (storage.Length > 0 && random.Next(3) > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"[plugins.{plugin}{storage}]\n");
        }

        if (storage.Length == 0 || text.ToString().EndsWith($"{storage}]\n", StringComparison.Ordinal))
        {
            text.Append(random.Next(2) == 0 ? $"discard_unpacked_layers = {(random.Next(2) == 0 ? "true" : "false")}\n" : string.Empty);
            text.Append(random.Next(4) == 0 ? "snapshotter = \"native\"\n" : string.Empty);
            if (storage.Length > 0 && random.Next(2) == 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"[plugins.{plugin}{storage}.runtimes.runc]\nruntime_type = \"io.containerd.runc.v2\"\n");
            }
        }

        switch (random.Next(5))
        {
            case 0 or 1:
                text.Append(CultureInfo.InvariantCulture, $"[plugins.{plugin}.registry]\nconfig_path = \"/{name}/certs.d\"\n");
                break;
            case 2:
                text.Append(CultureInfo.InvariantCulture, $"[plugins.{plugin}.registry.mirrors.\"{name}.example\"]\nendpoint = [\"https://{name}.example\"]\n");
                break;
            case 3:
                text.Append(CultureInfo.InvariantCulture, $"[plugins.{plugin}.registry]\nconfig_path = \"\"\n");
                break;
        }
    }
}
