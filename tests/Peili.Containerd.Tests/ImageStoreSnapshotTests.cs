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

        foreach (var image in images)
        {
            builder.Add(image);
        }

        return builder.Build(new ManifestGraph(NullLogger.Instance), store: null);
    }
}
