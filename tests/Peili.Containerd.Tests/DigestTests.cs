using System.Security.Cryptography;
using System.Text;

namespace Peili.Containerd.Tests;

public sealed class DigestTests
{
    // FIPS 180-2, appendix B.1: the digest of "abc".
    private const string Abc = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    [Fact]
    public void The_digest_of_abc_is_written_as_the_standard_has_it()
    {
        var digest = Digest.Of(SHA256.HashData("abc"u8));

        digest.ToString().ShouldBe(Abc);
        digest.Hex.ShouldBe(Abc[7..]);
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        for (var i = 0; i < 100; i++)
        {
            var bytes = RandomNumberGenerator.GetBytes(32);
            var digest = Digest.Of(bytes);

            Digest.TryParse(digest.ToString(), out var fromText).ShouldBeTrue();
            Digest.TryParse(Encoding.UTF8.GetBytes(digest.ToString()), out var fromUtf8).ShouldBeTrue();
            var copied = new byte[32];
            fromText.CopyTo(copied);

            fromText.ShouldBe(digest);
            fromUtf8.ShouldBe(digest);
            fromText.GetHashCode().ShouldBe(digest.GetHashCode());
            copied.ShouldBe(bytes);
        }
    }

    [Fact]
    public void Digests_of_different_bytes_differ_in_whichever_byte_it_is()
    {
        var zero = Digest.Of(new byte[32]);
        for (var i = 0; i < 32; i++)
        {
            var bytes = new byte[32];
            bytes[i] = 1;
            Digest.Of(bytes).ShouldNotBe(zero);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("sha256:")]
    [InlineData("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a")]
    [InlineData("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015add")]
    [InlineData("sha256:BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD")]
    [InlineData("sha256:ga7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a\n")]
    [InlineData("SHA256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("sha512:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("sha256-ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("sha256:../../../../../../../../../../../../../../../../../../etc/passwdx")]
    [InlineData("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015éd")]
    public void Anything_else_is_not_read(string text)
    {
        Digest.TryParse(text, out var fromText).ShouldBeFalse();
        Digest.TryParse(Encoding.UTF8.GetBytes(text), out var fromUtf8).ShouldBeFalse();
        fromText.ShouldBe(default);
        fromUtf8.ShouldBe(default);
    }

    [Fact]
    public void Other_than_32_bytes_are_no_digest() => Should.Throw<ArgumentException>(() => Digest.Of(new byte[31]));
}
