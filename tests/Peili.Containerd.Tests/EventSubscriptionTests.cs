using Peili.Containerd.Tests.Support;
using Peili.Grpc;

namespace Peili.Containerd.Tests;

public sealed class EventSubscriptionTests
{
    private static readonly string[] s_images = ["namespace==\"k8s.io\",topic~=\"^/images/\""];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_image_that_comes_and_goes_is_told_by_name()
    {
        await using var containerd = await ContainerdProcess.StartAsync();
        using var client = containerd.CreateClient();
        using var subscription = await client.SubscribeAsync(s_images, Cancellation);
        await using var events = subscription.ReadAllAsync(Cancellation).GetAsyncEnumerator(Cancellation);

        await containerd.ImportAsync(TestImage.Create("example.com/come:1"));
        await containerd.CtrAsync("images", "rm", "example.com/come:1");

        // An import may update what it has just created.
        var created = await NextAsync(events);
        created.Topic.ShouldBe("/images/create");
        created.Namespace.ShouldBe("k8s.io");
        created.ImageName.ShouldBe("example.com/come:1");
        created.Content.ShouldBeNull();
        created.Timestamp.ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(5));
        var deleted = created;
        while (deleted.Topic != "/images/delete")
        {
            deleted = await NextAsync(events);
        }

        deleted.ImageName.ShouldBe("example.com/come:1");
    }

    [Fact]
    public async Task A_blob_that_is_deleted_is_told_by_digest()
    {
        await using var containerd = await ContainerdProcess.StartAsync();
        using var client = containerd.CreateClient();
        var image = TestImage.Create("example.com/blob:1");
        await containerd.ImportAsync(image);
        using var subscription = await client.SubscribeAsync(["topic==\"/content/delete\""], Cancellation);
        await using var events = subscription.ReadAllAsync(Cancellation).GetAsyncEnumerator(Cancellation);

        await containerd.CtrAsync("content", "rm", image.Layers[0].ToString());

        var deleted = await NextAsync(events);
        deleted.Topic.ShouldBe("/content/delete");
        deleted.Content.ShouldBe(image.Layers[0]);
        deleted.ImageName.ShouldBeNull();
    }

    [Fact]
    public async Task Nothing_is_missed_from_the_moment_the_subscription_stands()
    {
        await using var containerd = await ContainerdProcess.StartAsync();
        using var client = containerd.CreateClient();
        await containerd.ImportAsync(TestImage.Create("example.com/first:1"));
        for (var i = 0; i < 20; i++)
        {
            using var subscription = await client.SubscribeAsync(s_images, Cancellation);
            await containerd.CtrAsync("images", "tag", "example.com/first:1", $"example.com/first:next{i}");

            await using var events = subscription.ReadAllAsync(Cancellation).GetAsyncEnumerator(Cancellation);
            (await NextAsync(events)).ImageName.ShouldBe($"example.com/first:next{i}");
        }
    }

    [Fact]
    public async Task Events_of_another_namespace_do_not_pass_the_filter()
    {
        await using var containerd = await ContainerdProcess.StartAsync();
        using var client = containerd.CreateClient();
        using var subscription = await client.SubscribeAsync(s_images, Cancellation);
        await using var events = subscription.ReadAllAsync(Cancellation).GetAsyncEnumerator(Cancellation);

        await containerd.ImportAsync(TestImage.Create("example.com/theirs:1"), "theirs");
        await containerd.ImportAsync(TestImage.Create("example.com/ours:1"));

        (await NextAsync(events)).ImageName.ShouldBe("example.com/ours:1");
    }

    [Fact]
    public async Task A_wrong_filter_is_refused_with_InvalidArgument()
    {
        await using var containerd = await ContainerdProcess.StartAsync();
        using var client = containerd.CreateClient();

        var refused = await Should.ThrowAsync<RpcException>(() => client.SubscribeAsync(["topic=="], Cancellation));

        // containerd 1.6 does not translate the error of its filter parser.
        refused.StatusCode.ShouldBeOneOf(StatusCode.InvalidArgument, StatusCode.Unknown);
        refused.Status.Detail.ShouldContain("filter");
    }

    [Fact]
    public async Task The_subscription_ends_with_Unavailable_when_containerd_dies()
    {
        await using var containerd = await ContainerdProcess.StartAsync();
        using var client = containerd.CreateClient();
        using var subscription = await client.SubscribeAsync(s_images, Cancellation);
        await using var events = subscription.ReadAllAsync(Cancellation).GetAsyncEnumerator(Cancellation);

        await containerd.KillAsync();

        var ended = await Should.ThrowAsync<RpcException>(() => NextAsync(events));
        ended.StatusCode.ShouldBe(StatusCode.Unavailable);
    }

    [Fact]
    public async Task The_token_of_the_subscription_ends_the_reading()
    {
        await using var containerd = await ContainerdProcess.StartAsync();
        using var client = containerd.CreateClient();
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        using var subscription = await client.SubscribeAsync(s_images, cancellation.Token);
        await using var events = subscription.ReadAllAsync(Cancellation).GetAsyncEnumerator(Cancellation);
        var next = NextAsync(events);

        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => next);
    }

    private static async Task<ContainerdEvent> NextAsync(IAsyncEnumerator<ContainerdEvent> events)
    {
        (await events.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60), Cancellation)).ShouldBeTrue();
        return events.Current;
    }
}
