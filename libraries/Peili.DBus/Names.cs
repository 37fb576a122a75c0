namespace Peili.DBus;

/// <summary>What the specification calls valid.</summary>
internal static class Names
{
    public const int StructureAlignment = 8;

    /// <summary>How deep arrays, structures and variants may be in each other; the specification's limit for all of them together.</summary>
    public const int MaxDepth = 64;

    public static bool IsObjectPath(string? text) =>
        text == "/" || (text is ['/', ..] && text.AsSpan(1) is var rest && AllSegmentsValid(rest));

    /// <summary>Where a value of this type begins: at a multiple of so many bytes. Zero for what is no type.</summary>
    public static int Alignment(char type) => type switch
    {
        'y' or 'g' or 'v' => 1,
        'n' or 'q' => 2,
        'b' or 'i' or 'u' or 's' or 'o' or 'a' or 'h' => 4,
        'x' or 't' or 'd' or '(' or '{' => StructureAlignment,
        _ => 0,
    };

    private static bool AllSegmentsValid(ReadOnlySpan<char> path)
    {
        foreach (var segment in path.Split('/'))
        {
            if (path[segment].IsEmpty || path[segment].ContainsAnyExcept(s_segment))
            {
                return false;
            }
        }

        return true;
    }

    private static readonly System.Buffers.SearchValues<char> s_segment =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");
}
