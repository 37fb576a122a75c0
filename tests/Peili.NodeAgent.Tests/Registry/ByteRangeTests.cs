using Peili.NodeAgent.Registry;

namespace Peili.NodeAgent.Tests.Registry;

public sealed class ByteRangeTests
{
    [Theory]
    [InlineData("bytes=0-0", 1000, 0, 1)]
    [InlineData("bytes=0-", 1000, 0, 1000)]
    [InlineData("bytes=0-999", 1000, 0, 1000)]
    [InlineData("bytes=0-1000", 1000, 0, 1000)]
    [InlineData("bytes=100-199", 1000, 100, 100)]
    [InlineData("bytes=999-", 1000, 999, 1)]
    [InlineData("bytes=990-9999", 1000, 990, 10)]
    [InlineData("bytes=5-9223372036854775807", 1000, 5, 995)]
    [InlineData("bytes=-1", 1000, 999, 1)]
    [InlineData("bytes=-1000", 1000, 0, 1000)]
    [InlineData("bytes=-9223372036854775807", 1000, 0, 1000)]
    [InlineData("Bytes=1-2", 1000, 1, 2)]
    [InlineData("bytes= 1-2 ", 1000, 1, 2)]
    [InlineData("bytes=9000000000-9000000001", 10_000_000_000, 9_000_000_000, 2)]
    public void A_range_names_these_bytes(string header, long length, long offset, long count) =>
        ByteRange.Parse(header)!.Value.Of(length).ShouldBe(new ContentSlice(offset, count));

    [Theory]
    [InlineData("bytes=1000-", 1000)]
    [InlineData("bytes=1000-2000", 1000)]
    [InlineData("bytes=-0", 1000)]
    [InlineData("bytes=0-", 0)]
    [InlineData("bytes=0-0", 0)]
    [InlineData("bytes=-5", 0)]
    public void A_range_outside_the_content_names_nothing(string header, long length) => ByteRange.Parse(header)!.Value.Of(length).ShouldBeNull();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("bytes")]
    [InlineData("bytes=")]
    [InlineData("bytes=-")]
    [InlineData("bytes=5")]
    [InlineData("bytes=5-2")]
    [InlineData("bytes=a-b")]
    [InlineData("bytes=1-b")]
    [InlineData("bytes=+1-2")]
    [InlineData("bytes=0x1-2")]
    [InlineData("bytes=--5")]
    [InlineData("bytes=1-2-3")]
    [InlineData("bytes=1 - 2")]
    [InlineData("bytes=1-2,5-6")]
    [InlineData("bytes=99999999999999999999-")]
    [InlineData("items=1-2")]
    [InlineData("1-2")]
    public void Anything_else_is_no_range(string? header) => ByteRange.Parse(header).ShouldBeNull();

    [Theory]
    [InlineData("bytes=0-", true)]
    [InlineData("bytes=0-5", false)]
    [InlineData("bytes=1-", false)]
    [InlineData("bytes=-5", false)]
    public void Only_an_open_range_from_zero_is_everything(string header, bool whole) => ByteRange.Parse(header)!.Value.IsWhole.ShouldBe(whole);

    [Theory]
    [InlineData("bytes=1-2")]
    [InlineData("bytes=7-")]
    [InlineData("bytes=-9")]
    public void A_range_is_written_as_it_was_read(string header) => ByteRange.Parse(header)!.Value.ToString().ShouldBe(header);
}
