namespace Peili.Operator.Mirrors;

/// <summary>Names of nodes in a sentence.</summary>
internal static class Names
{
    private const int Most = 5;

    /// <summary>The first of them, and how many more there are.</summary>
    public static string Of(IReadOnlyCollection<string> names) =>
        names.Count <= Most
            ? string.Join(", ", names.Order(StringComparer.Ordinal))
            : $"{string.Join(", ", names.Order(StringComparer.Ordinal).Take(Most))} and {names.Count - Most} more";
}
