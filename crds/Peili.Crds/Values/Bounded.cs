namespace Peili.Crds;

/// <summary>Cuts what the operator writes to what the schema allows: a status that is too long would never be written at all.</summary>
internal static class Bounded
{
    private const char Ellipsis = '\u2026';

    /// <summary>A text of at most so many characters; null is empty.</summary>
    public static string Text(string? text, int max)
    {
        if (text is null || text.Length <= max)
        {
            return text ?? "";
        }

        var end = char.IsHighSurrogate(text[max - 2]) ? max - 2 : max - 1;
        return string.Concat(text.AsSpan(0, end), [Ellipsis]);
    }

    /// <summary>The first so many items; null is none.</summary>
    public static IReadOnlyList<T> List<T>(IReadOnlyList<T>? items, int max) => items is null ? [] : items.Count <= max ? items : [.. items.Take(max)];
}
