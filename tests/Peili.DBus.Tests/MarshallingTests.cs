namespace Peili.DBus.Tests;

/// <summary>Bytes as the D-Bus specification has them.</summary>
public sealed class MarshallingTests
{
    // The specification's example: the texts "foo", "+" and "bar".
    private const string ThreeTexts = "03000000666f6f00" + "010000002b00" + "0000" + "0300000062617200";

    // The specification's example: an array of the one 64-bit number 5, at a multiple of 8.
    private const string ArrayOfFive = "08000000" + "00000000" + "0500000000000000";

    // A reply as a bus sends it: little endian, 9 bytes of body, serial 1; reply to 1, destination ":1.0", signature "s", sender; the text ":1.0".
    private const string Reply =
        "6c020101" + "09000000" + "01000000" + "3d000000"
        + "0501750001000000"
        + "06017300" + "04000000" + "3a312e3000" + "000000"
        + "0801670001730000"
        + "07017300" + "14000000" + "6f72672e667265656465736b746f702e4442757300" + "000000"
        + "04000000" + "3a312e3000";

    [Fact]
    public void Texts_are_written_as_in_the_specification()
    {
        var writer = new MessageWriter();
        writer.WriteString("foo");
        writer.WriteString("+");
        writer.WriteString("bar");
        Convert.ToHexStringLower(writer.ToArray()).ShouldBe(ThreeTexts);
    }

    [Fact]
    public void Texts_are_read_as_in_the_specification()
    {
        var reader = new MessageReader(Convert.FromHexString(ThreeTexts), bigEndian: false);
        (reader.ReadString(), reader.ReadString(), reader.ReadString()).ShouldBe(("foo", "+", "bar"));
    }

    [Fact]
    public void An_array_is_passed_over_with_its_padding()
    {
        var reader = new MessageReader(Convert.FromHexString(ArrayOfFive), bigEndian: false);
        reader.Skip("at");
        reader.Position.ShouldBe(16);
    }

    [Fact]
    public void What_is_written_is_read()
    {
        var writer = new MessageWriter();
        writer.WriteByte(7);
        writer.WriteBoolean(true);
        writer.WriteArray(8, () =>
        {
            writer.WriteStructureStart();
            writer.WriteString("key");
            writer.WriteVariantStart("o");
            writer.WriteObjectPath("/a/b_1");
        });
        writer.WriteSignature("a(sv)");

        var bytes = writer.ToArray();
        var reader = new MessageReader(bytes, bigEndian: false);
        reader.ReadByte().ShouldBe((byte)7);
        reader.ReadBoolean().ShouldBeTrue();
        var end = reader.ReadArrayStart(8);
        reader.HasNext(end).ShouldBeTrue();
        reader.ReadStructureStart();
        reader.ReadString().ShouldBe("key");
        reader.ReadVariantStart().ShouldBe("o");
        reader.ReadObjectPath().ShouldBe("/a/b_1");
        reader.HasNext(end).ShouldBeFalse();
        reader.ReadSignature().ShouldBe("a(sv)");

        var passing = new MessageReader(bytes, bigEndian: false);
        passing.Skip("yba(sv)g");
        passing.Position.ShouldBe(bytes.Length);
    }

    [Fact]
    public void Both_byte_orders_are_read()
    {
        new MessageReader([0, 0, 1, 2], bigEndian: true).ReadUInt32().ShouldBe(0x102u);
        new MessageReader([2, 1, 0, 0], bigEndian: false).ReadUInt32().ShouldBe(0x102u);
    }

    [Fact]
    public void A_call_is_written_as_libdbus_writes_it()
    {
        var hello = DBusMessage.Call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "Hello");
        var bytes = MessageFormat.Write(hello, 1);
        Convert.ToHexStringLower(bytes.AsSpan(0, 16)).ShouldBe("6c01000100000000010000006d000000");
        bytes.Length.ShouldBe(128);
        var read = MessageFormat.Parse(bytes);
        (read.Path, read.Interface, read.Member, read.Destination, read.Serial)
            .ShouldBe((hello.Path, hello.Interface, hello.Member, hello.Destination, 1u));
    }

    [Fact]
    public void A_reply_is_read()
    {
        var bytes = Convert.FromHexString(Reply);
        MessageFormat.LengthOf(bytes).ShouldBe(bytes.Length);
        var reply = MessageFormat.Parse(bytes);
        (reply.Type, reply.ReplySerial, reply.Destination, reply.Signature).ShouldBe((MessageType.MethodReturn, 1u, ":1.0", "s"));
        reply.Read("s").ReadString().ShouldBe(":1.0");
        Should.Throw<InvalidDataException>(() => reply.Read("u").ReadUInt32()).Message.ShouldContain("not \"u\"");
    }

    [Theory]
    [InlineData("s", "ff00000066")] // longer than the message
    [InlineData("s", "0100000066")] // no NUL
    [InlineData("s", "010000000000")] // a NUL inside
    [InlineData("s", "01000000ff00")] // not UTF-8
    [InlineData("b", "02000000")]
    [InlineData("au", "08000000")]
    [InlineData("(u", "01000000")]
    [InlineData("v", "0200757500")] // two types
    [InlineData("a", "00000000")]
    [InlineData("?", "00")]
    public void What_the_specification_forbids_is_refused(string signature, string hex) =>
        Should.Throw<InvalidDataException>(() =>
        {
            var reader = new MessageReader(Convert.FromHexString(hex), bigEndian: false);
            if (signature == "b")
            {
                reader.ReadBoolean();
            }
            else
            {
                reader.Skip(signature);
            }
        }).Message.ShouldStartWith("D-Bus: ");

    [Fact]
    public void Depth_is_bounded()
    {
        var nested = new byte[400];
        for (var at = 0; at + 3 <= nested.Length; at += 3)
        {
            (nested[at], nested[at + 1]) = (1, (byte)'v');
        }

        Should.Throw<InvalidDataException>(() => new MessageReader(nested, bigEndian: false).Skip("v")).Message.ShouldContain("too deep");
        Should.Throw<InvalidDataException>(() => new MessageReader(new byte[400], bigEndian: false).Skip(new string('(', 200)))
            .Message.ShouldContain("too deep");
    }

    [Theory]
    [InlineData("/", true)]
    [InlineData("/org/freedesktop/systemd1", true)]
    [InlineData("/a_1/B", true)]
    [InlineData("", false)]
    [InlineData("a", false)]
    [InlineData("/a/", false)]
    [InlineData("//a", false)]
    [InlineData("/a-b", false)]
    public void Object_paths_are_told_from_others(string path, bool valid) => Names.IsObjectPath(path).ShouldBe(valid);

    [Fact]
    public void No_bytes_crash_the_reader()
    {
        var random = new Random(20);
        var good = Convert.FromHexString(Reply);
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = good[..random.Next(16, good.Length + 1)];
            for (var change = random.Next(1, 5); change > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            try
            {
                MessageFormat.LengthOf(bytes);
                MessageFormat.Parse(bytes);
            }
            catch (InvalidDataException refused)
            {
                refused.Message.ShouldStartWith("D-Bus: ");
            }
        }
    }
}
