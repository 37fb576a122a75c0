using System.Text;
using Peili.Toml.Tests.Support;

namespace Peili.Toml.Tests.Invalid;

public sealed class InvalidEncodingTests
{
    [Theory]
    [InlineData("a = '", new byte[] { 0x80 }, "'", 1, 6)]
    [InlineData("a = 'ä", new byte[] { 0xbf }, "'", 1, 7)]
    [InlineData("# ", new byte[] { 0xc3 }, "", 1, 3)]
    [InlineData("# ", new byte[] { 0xc3 }, "\n", 1, 3)]
    [InlineData("a=1\n# ", new byte[] { 0xc0, 0xaf }, "", 2, 3)]
    [InlineData("a=1\n# ", new byte[] { 0xc1, 0xbf }, "", 2, 3)]
    [InlineData("\"", new byte[] { 0xe0, 0x80, 0xaf }, "\" = 1", 1, 2)]
    [InlineData("# ", new byte[] { 0xed, 0xa0, 0x80 }, "", 1, 3)]
    [InlineData("# ", new byte[] { 0xed, 0xbf, 0xbf }, "", 1, 3)]
    [InlineData("# ", new byte[] { 0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80 }, "", 1, 3)]
    [InlineData("# ", new byte[] { 0xf0, 0x80, 0x80, 0x80 }, "", 1, 3)]
    [InlineData("# ", new byte[] { 0xf0, 0x9f, 0x98 }, "", 1, 3)]
    [InlineData("# ", new byte[] { 0xf4, 0x90, 0x80, 0x80 }, "", 1, 3)]
    [InlineData("# ", new byte[] { 0xf5, 0x80, 0x80, 0x80 }, "", 1, 3)]
    [InlineData("# ", new byte[] { 0xff }, "", 1, 3)]
    [InlineData("", new byte[] { 0xff, 0xfe, 0x61, 0x00 }, "", 1, 1)]
    [InlineData("", new byte[] { 0xfe, 0xff, 0x00, 0x61 }, "", 1, 1)]
    [InlineData("", new byte[] { 0xef, 0xbb }, "", 1, 1)]
    [InlineData("a = 1 ", new byte[] { 0xef, 0xbb, 0xbf }, "", 1, 7)]
    [InlineData("# ", new byte[] { 0x23, 0x00, 0x20, 0x00 }, "", 1, 4)]
    public void Bytes_that_are_not_TOML_are_rejected(string before, byte[] bytes, string after, int line, int column)
    {
        byte[] file = [.. Encoding.UTF8.GetBytes(before), .. bytes, .. Encoding.UTF8.GetBytes(after)];

        TomlDocument.TryParse(file, out var document, out var error).ShouldBeFalse();

        document.ShouldBeNull();
        (error!.Line, error.Column).ShouldBe((line, column), error.Message);
    }

    [Theory]
    [InlineData('\ud800', "", 1, 6)]
    [InlineData('\udfff', "", 1, 6)]
    [InlineData('\ud83d', "\ud83d\ude00", 1, 6)]
    public void Half_of_a_surrogate_pair_is_rejected(char half, string after, int line, int column)
        => $"a = '{half}{after}'".ShouldBeRejectedAt(line, column);
}
