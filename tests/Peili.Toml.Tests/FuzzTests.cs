using System.Text;
using Peili.Toml.Tests.Support;

namespace Peili.Toml.Tests;

/// <summary>No file crashes the parser, and whatever it accepts it keeps.</summary>
public sealed class FuzzTests
{
    private static readonly byte[][] s_pieces =
    [
        .. new[]
        {
            "\"\"\"", "'''", "[[", "]]", "{", "}", ".", ",", "=", "#", "\n", "\r\n", "\r", "\\", "a.b", "[a]\n", "a = 1\n", "1_0", "0x", "\\u00e9",
            "1979-05-27", "T07:32:00", "-00:00", "inf", "\ufeff", "\0",
        }.Select(Encoding.UTF8.GetBytes),
        [0xc3], [0xff], [0xed, 0xa0, 0x80],
    ];

    [Fact]
    public void A_damaged_file_is_rejected_or_kept_to_the_byte()
    {
        var files = ValidFiles.Names.Select(ValidFiles.Toml).ToArray();
        var random = new Random(Fuzzing.Seed);
        var accepted = 0;
        for (var round = 0; round < Fuzzing.Rounds; round++)
        {
            var file = Damage(files[random.Next(files.Length)], files, random);
            if (!TomlDocument.TryParse(file, out var document, out var error))
            {
                error.Line.ShouldBeInRange(1, file.Count(value => value == '\n') + 1);
                error.Column.ShouldBeInRange(1, file.Length + 1);
                continue;
            }

            accepted++;
            document.ToUtf8().ShouldBe(file);
            TomlDocument.Parse(TomlWriter.Write(document.Root)).ShouldSay(Model.Of(document.Root));
            new RandomEdits(random).Apply(document);
        }

        accepted.ShouldBeInRange(Fuzzing.Rounds / 20, Fuzzing.Rounds);
    }

    private static byte[] Damage(byte[] file, byte[][] files, Random random)
    {
        List<byte> bytes = [.. file];
        for (var count = random.Next(1, 4); count > 0; count--)
        {
            var at = random.Next(bytes.Count + 1);
            var length = Math.Min(random.Next(1, 12), bytes.Count - at);
            switch (random.Next(5))
            {
                case 0:
                    bytes.RemoveRange(at, length);
                    break;
                case 1:
                    bytes.InsertRange(at, s_pieces[random.Next(s_pieces.Length)]);
                    break;
                case 2:
                    bytes.InsertRange(random.Next(bytes.Count + 1), bytes.GetRange(at, length));
                    break;
                case 3:
                    bytes.InsertRange(at, files[random.Next(files.Length)]);
                    break;
                default:
                    bytes.GetRange(at, length).ForEach(_ => bytes[random.Next(bytes.Count)] = (byte)random.Next(256));
                    break;
            }
        }

        return [.. bytes];
    }
}
