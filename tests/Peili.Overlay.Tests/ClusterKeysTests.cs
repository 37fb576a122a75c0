namespace Peili.Overlay.Tests;

public sealed class ClusterKeysTests
{
    private static readonly string Key = Convert.ToBase64String(new byte[32]);

    [Fact]
    public void A_file_has_one_key_a_line_and_comments()
    {
        ClusterKeys.TryParse($"# first\n{Key}\n\n  {Key}  \n", out var keys, out _).ShouldBeTrue();
        keys!.All.Length.ShouldBe(2);
    }

    [Theory]
    [InlineData("", "there is no key")]
    [InlineData("AAAA", "line 1 is not 32 bytes in base64")]
    [InlineData("# x\nnot base64", "line 2 is not 32 bytes in base64")]
    public void A_wrong_file_is_refused_by_line_and_without_the_key(string text, string expected)
    {
        ClusterKeys.TryParse(text, out _, out var error).ShouldBeFalse();
        error.ShouldBe(expected);
    }

    [Fact]
    public void More_keys_than_a_rotation_needs_are_refused()
    {
        ClusterKeys.TryParse(string.Join('\n', Enumerable.Repeat(Key, ClusterKeys.Maximum + 1)), out _, out var error).ShouldBeFalse();
        error.ShouldBe("there are more than 8 keys");
    }
}
