using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Peili.Containerd;
using Peili.Containerd.Tests.Support;
using Peili.NodeAgent.Membership;
using Peili.NodeAgent.Registry;
using Peili.NodeAgent.Tests.Support;
using Peili.Overlay;

namespace Peili.NodeAgent.Tests.Membership;

public sealed class AnnouncedKeysTests
{
    private const string ById = "sha256:00000000000000000000000000000000000000000000000000000000000000ab";
    private const string ByDigest = "registry.test/digest/app@" + ById;

    private readonly TestImage _open = TestImage.Create("registry.test/team/app:1");
    private readonly TestImage _secret = TestImage.Create("registry.test/secret/app:1");
    private readonly TestImage _other = TestImage.Create("other.test/team/app:1");
    private readonly TestImage _loose = TestImage.Create("registry.test/loose/app:1");
    private readonly TestImage _byId = TestImage.Create(ById);
    private readonly TestImage _byDigest = TestImage.Create(ByDigest);

    [Fact]
    public async Task Registry_and_filter_bound_what_is_announced()
    {
        await using var containerd = await ContainerdProcess.StartAsync();
        foreach (var image in new[] { _open, _secret, _other, _loose, _byId, _byDigest })
        {
            await containerd.ImportAsync(image);
        }

        // Blobs of no image: one says where it was pulled from, the others do not.
        await containerd.CtrAsync("content", "label", $"{_loose.Layers[0]}", "containerd.io/distribution.source.registry.test=loose/app");
        await containerd.CtrAsync("images", "rm", _loose.Name);
        await using var agent = await TestAgent.StartAsync(containerd, []);
        var snapshot = agent.Services.GetRequiredService<ImageStoreWatcher>().Current.ShouldNotBeNull();
        snapshot.Targets.Keys.ShouldBe([_open.Name, _secret.Name, _other.Name, ById, ByDigest], ignoreOrder: true);

        Announced(snapshot, new RegistryPolicy([], [])).ShouldBe(
            [.. snapshot.Digests.Select(AnnouncedKeys.Of), Tag(_open), Tag(_secret), Tag(_other)], ignoreOrder: true);

        Announced(snapshot, new RegistryPolicy(["registry.test"], [])).ShouldBe(
            [.. Whole(_open), .. Whole(_secret), .. Blobs(_byDigest), AnnouncedKeys.Of(_loose.Layers[0])], ignoreOrder: true);

        Announced(snapshot, new RegistryPolicy([], [new Regex("/secret/", RegexOptions.NonBacktracking)])).ShouldBe(
            [.. Whole(_open), .. Whole(_other), .. Blobs(_byDigest), AnnouncedKeys.Of(_loose.Layers[0])], ignoreOrder: true);

        Announced(snapshot, new RegistryPolicy(["registry.test"], [new Regex("/(?:secret|loose)/", RegexOptions.NonBacktracking)])).ShouldBe(
            [.. Whole(_open), .. Blobs(_byDigest)], ignoreOrder: true);
    }

    private static HashSet<DirectoryKey> Announced(ImageStoreSnapshot snapshot, RegistryPolicy policy) => AnnouncedKeys.Of(snapshot, policy);

    private static IEnumerable<DirectoryKey> Blobs(TestImage image) => image.Blobs.Keys.Select(AnnouncedKeys.Of);

    private static DirectoryKey Tag(TestImage image) => DirectoryKey.OfName(image.Name);

    private static IEnumerable<DirectoryKey> Whole(TestImage image) => [.. Blobs(image), Tag(image)];
}
