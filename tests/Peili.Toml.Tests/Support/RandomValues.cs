using System.Text;

namespace Peili.Toml.Tests.Support;

/// <summary>Values of all kinds, with the characters that need care.</summary>
internal sealed class RandomValues(Random random)
{
    private const string Characters = "abzAZ09-_. \t\n\r\"'\\#=[]{},:\0\u0001\u001f\u007f\u0080ä\u2028\ufeff\uffff😀";

    private static readonly string[] s_dates =
    [
        "1979-05-27T07:32:00Z", "0000-02-29", "23:59:60", "9999-12-31T23:59:59.999999999", "1979-05-27 00:32:00.5-07:00",
    ];

    public TomlValue Next(int depth = 3) => random.Next(depth > 0 ? 8 : 6) switch
    {
        0 => random.NextInt64(long.MinValue, long.MaxValue),
        1 => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)),
        2 => random.Next(2) == 0,
        3 => TomlDateTime.Parse(s_dates[random.Next(s_dates.Length)]),
        4 or 5 => Text(),
        6 => new TomlArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Next(depth - 1))]),
        _ => Table(depth - 1),
    };

    public TomlTable Table(int depth)
        => new([.. Enumerable.Range(0, random.Next(5)).Select(_ => Text()).Distinct().Select(key => (key, Next(depth)))]);

    public string Text()
    {
        var runes = Characters.EnumerateRunes().ToArray();
        var text = new StringBuilder();
        for (var length = random.Next(6); length > 0; length--)
        {
            text.Append(runes[random.Next(runes.Length)]);
        }

        return text.ToString();
    }
}
