using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Peili.Containerd;
using Peili.NodeAgent.Registry;

namespace Peili.NodeAgent.Tests.Registry;

public sealed class RegistryPolicyTests
{
    private static readonly Digest s_digest = Digest.Of(SHA256.HashData("content"u8));

    [Theory]
    [InlineData("docker.io", true)]
    [InlineData("DOCKER.io", true)]
    [InlineData("quay.io", false)]
    [InlineData("docker.io:443", false)]
    [InlineData(null, true)]
    public void With_registries_given_only_those_are_mirrored(string? registry, bool allowed) =>
        (Policy(["docker.io"]).Check(Request(registry, "library/alpine:1")) is null).ShouldBe(allowed);

    [Theory]
    [InlineData("quay.io", "library/alpine:1", true)]
    [InlineData("docker.io", "secret/app:1", false)]
    [InlineData("docker.io", "team/secret/app:1", false)]
    [InlineData("docker.io", "library/alpine:latest", false)]
    [InlineData("docker.io", "library/alpine:latest-1", true)]
    public void A_filter_matches_anywhere_in_the_name(string registry, string image, bool allowed) =>
        (Policy([], "secret/", ":latest$").Check(Request(registry, image)) is null).ShouldBe(allowed);

    [Fact]
    public void A_filter_can_name_a_digest() =>
        Policy([], $"^docker.io/app@{s_digest}$").Check(Request("docker.io", $"app@{s_digest}"))!.Code.ShouldBe("NAME_UNKNOWN");

    [Theory]
    [InlineData(true, "docker.io/open/app:1")]
    [InlineData(false, "docker.io/secret/app:1")]
    [InlineData(true, "docker.io/secret/app:1", "docker.io/open/app:1")]
    [InlineData(false, "docker.io/secret/app:1", "docker.io/secret/other:2")]
    public void A_local_blob_is_served_when_one_of_its_images_may_be(bool allowed, params string[] names) =>
        IsServed(Policy([], "/secret/"), null, names).ShouldBe(allowed);

    [Fact]
    public void A_filter_of_a_digest_holds_for_the_tagged_names_of_a_blob_too() =>
        IsServed(Policy([], $"docker.io/app@{s_digest}"), null, "docker.io/app:1").ShouldBeFalse();

    [Theory]
    [InlineData(true, "docker.io/app:1")]
    [InlineData(false, "quay.io/app:1")]
    [InlineData(false, "localhost:5000/app:1")]
    [InlineData(false, "app:1")]
    [InlineData(true, "quay.io/app:1", "docker.io/app@sha256:abc")]
    public void A_local_blob_of_other_registries_is_not_served(bool allowed, params string[] names) =>
        IsServed(Policy(["docker.io"]), null, names).ShouldBe(allowed);

    [Fact]
    public void An_image_id_is_no_name_that_opens_a_filtered_image()
    {
        // containerd's CRI plugin names every image it pulls a second time, by the digest of its configuration.
        string[] names = ["docker.io/secret/app:1", $"docker.io/secret/app@{s_digest}", $"sha256:{s_digest.Hex}"];

        IsServed(Policy([], "/secret/"), null, names).ShouldBeFalse();
        IsServed(Policy([], "/other/"), null, names).ShouldBeTrue();
    }

    [Fact]
    public void Under_another_name_a_filtered_blob_stays_closed() =>
        IsServed(Policy([], "/secret/"), "docker.io", "docker.io/secret/app:1").ShouldBeFalse();

    [Fact]
    public void A_blob_still_without_a_name_is_served_to_who_names_an_allowed_image_alone()
    {
        var policy = Policy([], "/secret/");

        IsServed(policy, "docker.io").ShouldBeTrue();
        IsServed(policy, null).ShouldBeFalse();
        IsServed(Policy([]), null).ShouldBeTrue();
    }

    private static bool IsServed(RegistryPolicy policy, string? registry, params string[] names) =>
        policy.Check(Request(registry, $"open/app@{s_digest}"), s_digest, names) is null;

    private static RegistryPolicy Policy(string[] registries, params string[] filters) =>
        new(registries, filters.Select(filter => new Regex(filter, RegexOptions.NonBacktracking)));

    private static ContentRequest Request(string? registry, string image)
    {
        var separator = image.IndexOf('@') is var at and >= 0 ? at : image.LastIndexOf(':');
        RegistryPath.TryParse($"/v2/{image[..separator]}/manifests/{image[(separator + 1)..]}", out var path, out _).ShouldBeTrue();
        return new ContentRequest(path, registry);
    }
}
