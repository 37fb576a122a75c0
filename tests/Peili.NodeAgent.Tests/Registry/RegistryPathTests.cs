using Peili.NodeAgent.Registry;

namespace Peili.NodeAgent.Tests.Registry;

public sealed class RegistryPathTests
{
    private const string Hex = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    public static TheoryData<string> LongestNames() => [new string('a', 255), $"a/{new string('b', 253)}", string.Join('/', Enumerable.Repeat("a", 128))];

    public static TheoryData<string> TooLongNames() => [new string('a', 256), string.Join('/', Enumerable.Repeat("a", 129)), new string('a', 100_000)];

    [Theory]
    [InlineData("/v2/alpine/manifests/latest", "alpine", "Manifest", "latest")]
    [InlineData("/v2/library/alpine/manifests/3.20", "library/alpine", "Manifest", "3.20")]
    [InlineData("/v2/a/b/c/d/e/manifests/_x-Y.z", "a/b/c/d/e", "Manifest", "_x-Y.z")]
    [InlineData("/v2/a_b/c__d/e-f/g---h/i.j/manifests/1", "a_b/c__d/e-f/g---h/i.j", "Manifest", "1")]
    [InlineData($"/v2/alpine/manifests/sha256:{Hex}", "alpine", "Manifest", $"sha256:{Hex}")]
    [InlineData($"/v2/alpine/blobs/sha256:{Hex}", "alpine", "Blob", $"sha256:{Hex}")]
    [InlineData("/v2/manifests/manifests/manifests", "manifests", "Manifest", "manifests")]
    [InlineData("/v2/blobs/manifests/blobs/manifests/latest", "blobs/manifests/blobs", "Manifest", "latest")]
    public void A_well_formed_path_is_taken_apart(string path, string repository, string kind, string reference)
    {
        RegistryPath.TryParse(path, out var parsed, out var error).ShouldBeTrue(error?.Message);

        parsed.Repository.ShouldBe(repository);
        parsed.Kind.ToString().ShouldBe(kind);
        parsed.Reference.ToString().ShouldBe(reference);
        (parsed.Reference.Digest is null).ShouldBe(!reference.StartsWith("sha256:", StringComparison.Ordinal));
        parsed.ToString().ShouldBe(path);
    }

    [Theory]
    [InlineData("Alpine")]
    [InlineData("library/Alpine")]
    [InlineData("-a")]
    [InlineData("a-")]
    [InlineData("a..b")]
    [InlineData("a___b")]
    [InlineData("a._b")]
    [InlineData("a//b")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a b")]
    [InlineData("a\n")]
    [InlineData("a%2fb")]
    [InlineData("ä")]
    [InlineData("..")]
    [InlineData("a/../b")]
    [InlineData("a:b")]
    [InlineData("a@b")]
    public void A_repository_name_of_the_wrong_form_is_a_bad_request(string name) =>
        ErrorOf($"/v2/{name}/manifests/latest").Code.ShouldBe("NAME_INVALID");

    [Theory]
    [MemberData(nameof(LongestNames))]
    public void A_name_of_255_characters_is_taken(string name) =>
        RegistryPath.TryParse($"/v2/{name}/manifests/latest", out _, out _).ShouldBeTrue();

    [Theory]
    [MemberData(nameof(TooLongNames))]
    public void A_longer_name_is_refused_and_repeated_only_in_part(string name)
    {
        var error = ErrorOf($"/v2/{name}/manifests/latest");

        error.Code.ShouldBe("NAME_INVALID");
        error.Message.Length.ShouldBeLessThan(400);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".a")]
    [InlineData("-a")]
    [InlineData("a b")]
    [InlineData("a+b")]
    [InlineData("ä")]
    [InlineData("latest\n")]
    public void A_tag_of_the_wrong_form_is_a_bad_request(string tag) =>
        ErrorOf($"/v2/alpine/manifests/{tag}").Code.ShouldBe("MANIFEST_INVALID");

    [Fact]
    public void A_tag_has_at_most_128_characters()
    {
        RegistryPath.TryParse($"/v2/alpine/manifests/{new string('t', 128)}", out _, out _).ShouldBeTrue();
        ErrorOf($"/v2/alpine/manifests/{new string('t', 129)}").Code.ShouldBe("MANIFEST_INVALID");
    }

    [Theory]
    [InlineData("manifests", "sha256:0123")]
    [InlineData("manifests", "md5:d41d8cd98f00b204e9800998ecf8427e")]
    [InlineData("manifests", $"sha256:{Hex}0")]
    [InlineData("blobs", "latest")]
    [InlineData("blobs", "")]
    [InlineData("blobs", Hex)]
    [InlineData("blobs", $"sha512:{Hex}{Hex}")]
    [InlineData("blobs", $"SHA256:{Hex}")]
    [InlineData("blobs", $"sha256:{Hex} ")]
    [InlineData("blobs", "sha256:0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF")]
    [InlineData("blobs", "sha256:g123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    public void A_digest_of_the_wrong_form_is_a_bad_request(string kind, string digest) =>
        ErrorOf($"/v2/alpine/{kind}/{digest}").Code.ShouldBe("DIGEST_INVALID");

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/v1/alpine/manifests/latest")]
    [InlineData("/V2/alpine/manifests/latest")]
    [InlineData("/v2/alpine")]
    [InlineData("/v2/alpine/latest")]
    [InlineData("/v2/manifests/latest")]
    [InlineData("/v2//manifests/latest")]
    [InlineData("/v2/alpine/tags/list")]
    [InlineData("/v2/_catalog")]
    [InlineData("/v2/alpine/Manifests/latest")]
    public void Another_path_is_not_served(string path) => ((int)ErrorOf(path).Status).ShouldBe(404);

    private static RegistryError ErrorOf(string path)
    {
        RegistryPath.TryParse(path, out _, out var error).ShouldBeFalse();
        return error!;
    }
}
