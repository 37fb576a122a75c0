namespace Peili.Grpc.Tests;

public sealed class MetadataTests
{
    [Theory]
    [InlineData("with space", "x")]
    [InlineData("colon:", "x")]
    [InlineData("ümlaut", "x")]
    [InlineData("line\r\nbreak", "x")]
    [InlineData("grpc-timeout", "x")]
    [InlineData("content-type", "x")]
    [InlineData("TE", "x")]
    [InlineData("text-bin", "x")]
    [InlineData("key", "line\r\nbreak")]
    [InlineData("key", "ümlaut")]
    public void What_must_not_be_sent_is_refused(string key, string value) =>
        Should.Throw<ArgumentException>(() => new Metadata().Add(key, value));

    [Fact]
    public void Bytes_need_a_key_of_bytes() => Should.Throw<ArgumentException>(() => new Metadata().Add("key", [1]));

    [Fact]
    public void A_key_may_come_repeatedly_and_in_any_case()
    {
        var metadata = new Metadata();
        metadata.Add("Key", "first");
        metadata.Add("key", "second");
        metadata.Add("Raw-Bin", [1]);

        metadata.GetValue("KEY").ShouldBe("first");
        metadata.GetValueBytes("raw-bin").ShouldBe([1]);
        metadata.GetValue("absent").ShouldBeNull();
        metadata.Entries.Select(entry => entry.Key).ShouldBe(["key", "key", "raw-bin"]);
    }
}
