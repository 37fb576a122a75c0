using Peili.Containerd.Tests.Support;
using Peili.Grpc;

namespace Peili.Containerd.Tests;

public sealed class ContainerdClientTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_version_is_that_of_the_program()
    {
        await using var containerd = await ContainerdProcess.StartAsync();
        using var client = containerd.CreateClient();

        var version = await client.GetVersionAsync(Cancellation);

        version.Version.ShouldBe(await ContainerdProcess.ReadVersionAsync());
    }

    [Fact]
    public async Task The_content_root_is_where_the_blobs_lie()
    {
        await using var containerd = await ContainerdProcess.StartAsync();
        using var client = containerd.CreateClient();
        var image = TestImage.Create("example.com/root:1");
        await containerd.ImportAsync(image);

        var root = await client.GetContentRootAsync(Cancellation);

        root.ShouldBe(containerd.ContentRoot);
        using var blob = new ContentStore(root!).TryOpenBlob(image.Target);
        blob!.Length.ShouldBe(image.Blobs[image.Target].Length);
    }

    [Theory]
    [InlineData("shared")]
    [InlineData("isolated")]
    public async Task The_sharing_policy_is_that_of_the_configuration(string policy)
    {
        await using var containerd = await ContainerdProcess.StartAsync(policy);
        using var client = containerd.CreateClient();

        (await client.GetSharingPolicyAsync(Cancellation)).ShouldBe(policy);
    }

    [Fact]
    public async Task Plugins_are_listed_with_why_they_did_not_start()
    {
        await using var containerd = await ContainerdProcess.StartAsync();
        using var client = containerd.CreateClient();

        var plugins = await client.ListPluginsAsync(Cancellation);

        plugins.ShouldContain(plugin => plugin.Type == "io.containerd.content.v1" && plugin.InitError == null);
        var devmapper = plugins.Single(plugin => plugin.Id == "devmapper");
        devmapper.InitError.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task An_imported_image_is_listed_with_all_its_content()
    {
        await using var containerd = await ContainerdProcess.StartAsync();
        using var client = containerd.CreateClient();
        var image = TestImage.CreateIndex("example.com/listed:1");
        await containerd.ImportAsync(image);

        var listed = (await client.ListImagesAsync(Cancellation)).ShouldHaveSingleItem();
        var content = await ListContentAsync(client);

        listed.Name.ShouldBe("example.com/listed:1");
        listed.Target.ShouldBe(new Descriptor(MediaTypes.OciIndex, image.Target, image.Blobs[image.Target].Length));
        foreach (var (digest, bytes) in image.Blobs)
        {
            content.Single(info => info.Digest == digest).Size.ShouldBe(bytes.Length);
        }
    }

    [Fact]
    public async Task The_labels_of_a_blob_are_told_by_list_and_info()
    {
        await using var containerd = await ContainerdProcess.StartAsync();
        using var client = containerd.CreateClient();
        var image = TestImage.Create("example.com/labelled:1");
        await containerd.ImportAsync(image);
        await containerd.CtrAsync("content", "label", image.Target.ToString(), "containerd.io/distribution.source.example.com=a,b/c");

        var info = await client.GetContentInfoAsync(image.Target, Cancellation);
        var listed = (await ListContentAsync(client)).Single(content => content.Digest == image.Target);

        info!.Labels["containerd.io/distribution.source.example.com"].ShouldBe("a,b/c");
        listed.Labels["containerd.io/distribution.source.example.com"].ShouldBe("a,b/c");
        info.Size.ShouldBe(image.Blobs[image.Target].Length);
    }

    [Fact]
    public async Task A_blob_that_is_not_there_has_no_info()
    {
        await using var containerd = await ContainerdProcess.StartAsync();
        using var client = containerd.CreateClient();

        (await client.GetContentInfoAsync(Digest.Of(new byte[32]), Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task A_client_sees_its_own_namespace_alone()
    {
        await using var containerd = await ContainerdProcess.StartAsync();
        using var mine = containerd.CreateClient("mine");
        using var theirs = containerd.CreateClient("theirs");
        var image = TestImage.Create("example.com/theirs:1");
        await containerd.ImportAsync(image, "theirs");

        (await mine.ListImagesAsync(Cancellation)).ShouldBeEmpty();
        (await ListContentAsync(mine)).ShouldBeEmpty();
        (await mine.GetContentInfoAsync(image.Target, Cancellation)).ShouldBeNull();
        (await theirs.ListImagesAsync(Cancellation)).ShouldHaveSingleItem();
        (await theirs.GetContentInfoAsync(image.Target, Cancellation)).ShouldNotBeNull();
    }

    [Fact]
    public async Task An_unfinished_write_is_listed_and_can_be_aborted()
    {
        await using var containerd = await ContainerdProcess.StartAsync();
        using var client = containerd.CreateClient();
        var store = new ContentStore(containerd.ContentRoot);
        var reference = $"layer-{Digest.Of(new byte[32])}";
        using var writer = containerd.StartIngest(reference);
        await writer.StandardInput.BaseStream.WriteAsync(new byte[3 << 20], Cancellation);
        await writer.StandardInput.BaseStream.FlushAsync(Cancellation);
        await Eventually.IsTrueAsync(() => store.ListIngests() is [{ Length: >= 1 << 20 }], "bytes arrive in the ingest");

        var ingest = store.ListIngests().ShouldHaveSingleItem();
        ingest.Namespace.ShouldBe("k8s.io");
        ingest.Reference.ShouldBe(reference);
        ingest.Expected.ShouldBe(Digest.Of(new byte[32]));
        ingest.UpdatedAt.ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(5));

        // The writer holds the reference's lock; once it is gone the ingest stays behind, as after a pull that failed.
        writer.Kill();
        await writer.WaitForExitAsync(Cancellation);
        await Eventually.NoLongerThrowsAsync<RpcException>(() => client.AbortIngestAsync(reference, Cancellation));
        store.ListIngests().ShouldBeEmpty();
        (await client.AbortIngestAsync(reference, Cancellation)).ShouldBeFalse();
    }

    [Fact]
    public async Task Without_a_socket_a_call_ends_with_Unavailable()
    {
        using var client = new ContainerdClient("/nonexistent/containerd.sock", "k8s.io");

        var failed = await Should.ThrowAsync<RpcException>(() => client.GetVersionAsync(Cancellation));

        failed.StatusCode.ShouldBe(StatusCode.Unavailable);
    }

    [Fact]
    public async Task A_call_to_a_containerd_that_hangs_ends_with_DeadlineExceeded()
    {
        await using var containerd = await ContainerdProcess.StartAsync();
        using var client = containerd.CreateClient();
        await containerd.FreezeAsync();

        var failed = await Should.ThrowAsync<RpcException>(() => client.GetVersionAsync(Cancellation));

        failed.StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
        containerd.Thaw();
        await Eventually.NoLongerThrowsAsync<RpcException>(() => client.GetVersionAsync(Cancellation));
    }

    private static async Task<List<ContentInfo>> ListContentAsync(ContainerdClient client)
    {
        var content = new List<ContentInfo>();
        await foreach (var info in client.ListContentAsync(Cancellation))
        {
            content.Add(info);
        }

        return content;
    }
}
