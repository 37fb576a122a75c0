using System.Globalization;
using Peili.LocalCluster;
using Peili.LocalCluster.Containerd;
using Peili.LocalCluster.Images;
using Peili.Reporting;

namespace Peili.Bench;

/// <summary>What is measured: three nodes with agents, and two blobs that only the first node's containerd has.</summary>
internal sealed class Workbench : IAsyncDisposable
{
    private const string Repository = "blobs";
    private const string Registry = "bench.test";

    // What TarWriter puts around a file's contents: a header and two empty blocks.
    private const long TarOverhead = 3 * 512;

    private readonly BuiltImage _image;
    private readonly BlobDescriptor _large;
    private readonly BlobDescriptor _small;

    private Workbench(Cluster cluster, BuiltImage image)
    {
        Cluster = cluster;
        _image = image;
        _large = image.Layers[0];
        _small = image.Layers[1];
    }

    public Cluster Cluster { get; }

    /// <summary>The node that has the blobs.</summary>
    public ClusterNode Holder => Cluster.Nodes[0];

    /// <summary>A node that has none: what is asked of it, it fetches from the holder.</summary>
    public ClusterNode Relay => Cluster.Nodes[1];

    /// <summary>A node that has none either, so that whoever looks for a blob has two others to ask.</summary>
    public ClusterNode Bystander => Cluster.Nodes[2];

    /// <summary>The file of the blob of 1 GiB in the holder's content store.</summary>
    public string LargeFile => Holder.Containerd.Content.PathOf(_large);

    /// <summary>Path and query of the blob of 1 GiB on an agent.</summary>
    public string LargePath => PathOf(_large.Digest);

    /// <summary>Path and query of the blob of 10 MB on an agent.</summary>
    public string SmallPath => PathOf(_small.Digest);

    /// <summary>Path and query of a blob on an agent.</summary>
    public static string PathOf(string digest) => $"/v2/{Repository}/blobs/{digest}?ns={Registry}";

    /// <summary>Starts the nodes, without agents, and gives the first one its blobs.</summary>
    public static async Task<Workbench> CreateAsync(ContainerdRelease release, Screen screen, CancellationToken cancellationToken)
    {
        screen.Step("starting three nodes");
        var options = new ClusterOptions { Nodes = 3, Node = new NodeOptions { Containerd = release } };
        var cluster = await Cluster.StartAsync(options, cancellationToken);
        try
        {
            screen.Step("making an image with layers of 1 GiB and 10 MB");
            var recipe = new ImageRecipe { Seed = 21, Layers = [new LayerRecipe((1L << 30) - TarOverhead), new LayerRecipe(10_000_000 - TarOverhead)] };
            var image = await cluster.BuildAsync(recipe, cancellationToken);
            screen.Step("importing it into the first node's containerd");
            await ImportAsync(cluster, image, cancellationToken);
            return new Workbench(cluster, image);
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until the agents have met, and know who holds the blobs.</summary>
    public async Task WaitReadyAsync(CancellationToken cancellationToken)
    {
        await Cluster.WaitJoinedAsync(cancellationToken);
        await Cluster.WaitAnnouncedAsync(Holder, _image, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Cluster.DisposeAsync();

    // Not unpacked, for nothing here runs it; and what containerd has copied need not fill disk and page cache twice more.
    private static async Task ImportAsync(Cluster cluster, BuiltImage image, CancellationToken cancellationToken)
    {
        var archive = Path.Combine(cluster.Directory, "image.tar");
        await image.WriteOciArchiveAsync(archive, $"{Registry}/{Repository}:1", cancellationToken);
        Directory.Delete(image.Directory, recursive: true);
        var result = await cluster.Nodes[0].Containerd.RunCtrAsync(["images", "import", "--no-unpack", archive], cancellationToken);
        result.OutputOrThrow(string.Create(CultureInfo.InvariantCulture, $"ctr images import {archive}"));
        File.Delete(archive);
    }
}
