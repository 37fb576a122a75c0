using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Peili.Containerd.Api;

namespace Peili.Containerd.Tests;

public sealed class ProtobufReaderTests
{
    [Fact]
    public void Fields_are_read_as_protobuf_wrote_them()
    {
        var message = new Info { Digest = "sha256:x", Size = long.MaxValue, Labels = { ["key"] = "value" } }.ToByteArray();

        var reader = new ProtobufReader(message);

        reader.Read().ShouldBeTrue();
        reader.Field.ShouldBe(Info.DigestFieldNumber);
        reader.Bytes.ToArray().ShouldBe("sha256:x"u8.ToArray());
        reader.Varint.ShouldBe(0ul);
        reader.Read().ShouldBeTrue();
        reader.Field.ShouldBe(Info.SizeFieldNumber);
        reader.Varint.ShouldBe((ulong)long.MaxValue);
        reader.Bytes.IsEmpty.ShouldBeTrue();
        reader.Read().ShouldBeTrue();
        reader.Field.ShouldBe(Info.LabelsFieldNumber);
        reader.Read().ShouldBeFalse();
    }

    [Fact]
    public void Fields_of_fixed_width_are_passed_over()
    {
        byte[] message = [.. new DoubleValue { Value = 1 }.ToByteArray(), .. new FloatValue { Value = 1 }.ToByteArray(), 0x10, 7];

        var reader = new ProtobufReader(message);

        reader.Read().ShouldBeTrue();
        reader.Read().ShouldBeTrue();
        reader.Read().ShouldBeTrue();
        reader.Field.ShouldBe(2);
        reader.Varint.ShouldBe(7ul);
        reader.Read().ShouldBeFalse();
    }

    [Theory]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 0x80 })]
    [InlineData(new byte[] { 0x0a })]
    [InlineData(new byte[] { 0x0a, 5, 1 })]
    [InlineData(new byte[] { 0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01 })]
    [InlineData(new byte[] { 0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff })]
    [InlineData(new byte[] { 0x09, 1, 2, 3 })]
    [InlineData(new byte[] { 0x0d, 1 })]
    [InlineData(new byte[] { 0x0b })]
    public void What_is_no_message_ends_the_reading(byte[] message)
    {
        var reader = new ProtobufReader(message);

        reader.Read().ShouldBeFalse();
    }
}
