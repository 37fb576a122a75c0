using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using Peili.Containerd.Api;

namespace Peili.Containerd.Tests;

public sealed class ImageStoreSnapshotTests
{
    private const string Source = "containerd.io/distribution.source.";

    private static readonly Digest s_blob = Digest.Of(Enumerable.Repeat((byte)1, 32).ToArray());

    [Fact]
    public void Sources_of_several_hosts_are_all_names_of_the_blob()
    {
        var snapshot = Build(
            new Info { Digest = $"{s_blob}", Labels = { [Source + "docker.io"] = "a,b/c", [Source + "ghcr.io"] = "d", ["other"] = Source + "x" } });

        snapshot.NamesOf(s_blob).ShouldBe([$"docker.io/a@{s_blob}", $"docker.io/b/c@{s_blob}", $"ghcr.io/d@{s_blob}"], ignoreOrder: true);
    }

    [Fact]
    public void Names_of_several_images_on_one_blob_are_all_there()
    {
        var snapshot = Build(
            [new Info { Digest = $"{s_blob}" }],
            [Image("one", s_blob), Image("two", s_blob), Image("absent", Digest.Of(new byte[32]))]);

        snapshot.NamesOf(s_blob).ShouldBe(["one", "two"]);
        snapshot.NamesOf(Digest.Of(new byte[32])).ShouldBeEmpty();
        snapshot.TryResolve("absent", out _).ShouldBeTrue();
        snapshot.Contains(Digest.Of(new byte[32])).ShouldBeFalse();
        snapshot.TryGetSize(Digest.Of(new byte[32]), out _).ShouldBeFalse();
    }

    [Fact]
    public void A_blob_of_another_algorithm_is_left_out()
    {
        var snapshot = Build(new Info { Digest = "sha512:" + new string('0', 128), Size = 1 }, new Info { Size = 2 });

        snapshot.Digests.ShouldBeEmpty();
    }

    [Fact]
    public void Any_difference_makes_a_snapshot_another_one()
    {
        Info Blob() => new() { Digest = $"{s_blob}", Size = 7, Labels = { [Source + "docker.io"] = "a" } };
        var snapshot = Build([Blob()], [Image("x", s_blob)]);
        var resized = Blob();
        resized.Size = 8;
        var resourced = Blob();
        resourced.Labels[Source + "docker.io"] = "a,b";

        snapshot.IsSameAs(Build([Blob()], [Image("x", s_blob)])).ShouldBeTrue();
        snapshot.IsSameAs(Build([Blob()], [Image("y", s_blob)])).ShouldBeFalse();
        snapshot.IsSameAs(Build([Blob()], [])).ShouldBeFalse();
        snapshot.IsSameAs(Build([Blob()], [Image("x", Digest.Of(new byte[32]))])).ShouldBeFalse();
        snapshot.IsSameAs(Build([], [Image("x", s_blob)])).ShouldBeFalse();
        snapshot.IsSameAs(Build([resized], [Image("x", s_blob)])).ShouldBeFalse();
        snapshot.IsSameAs(Build([resourced], [Image("x", s_blob)])).ShouldBeFalse();
    }

    [Fact]
    public void The_next_snapshot_is_made_of_the_last_and_leaves_that_unchanged()
    {
        var other = Digest.Of(new byte[32]);
        var earlier = Build([new Info { Digest = $"{s_blob}", Size = 1 }], [Image("one", s_blob), Image("two", other)]);
        var builder = new ImageStoreSnapshotBuilder(earlier);
        builder.Add(new Info { Digest = $"{other}", Size = 2 }.ToByteArray());
        builder.Remove(s_blob);

        var later = builder.Build(new ManifestGraph(NullLogger.Instance), store: null);

        later.Digests.ShouldBe([other]);
        later.NamesOf(other).ShouldBe(["two"]);
        later.Targets.Keys.ShouldBe(["one", "two"], ignoreOrder: true);
        earlier.Digests.ShouldBe([s_blob]);
        earlier.NamesOf(s_blob).ShouldBe(["one"]);
    }

    private static Image Image(string name, Digest target) =>
        new(name, new Descriptor(MediaTypes.OciManifest, target, 0), new Dictionary<string, string>());

    private static ImageStoreSnapshot Build(params Info[] blobs) => Build(blobs, []);

    private static ImageStoreSnapshot Build(Info[] blobs, Image[] images)
    {
        var builder = new ImageStoreSnapshotBuilder(blobs.Length);
        foreach (var blob in blobs)
        {
            builder.Add(blob.ToByteArray());
        }

        builder.SetImages(images);
        return builder.Build(new ManifestGraph(NullLogger.Instance), store: null);
    }
}
