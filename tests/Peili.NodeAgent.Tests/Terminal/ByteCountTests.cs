using Peili.Terminal;

namespace Peili.NodeAgent.Tests.Terminal;

public sealed class ByteCountTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1024, "1 KiB")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(6L * 1024 * 1024, "6 MiB")]
    [InlineData(5L * 1024 * 1024 * 1024 / 2, "2.5 GiB")]
    [InlineData(3L * 1024 * 1024 * 1024 * 1024, "3 TiB")]
    [InlineData(2048L * 1024 * 1024 * 1024 * 1024, "2048 TiB")]
    public void Bytes_are_in_the_largest_unit_that_they_fill(long bytes, string text) => ByteCount.Format(bytes).ShouldBe(text);
}
