using System.Text.RegularExpressions;

namespace Peili.Flavors.Tests;

/// <summary>A page of docs/flavors: people write it, but for the table at its top.</summary>
internal static partial class FlavorPage
{
    private const int MostMilliseconds = 60_000;

    /// <summary>The flavors that the page is about.</summary>
    public static IReadOnlyList<string> FlavorsOf(string page) => Table().Match(page) is { Success: true } table ? table.Groups["flavors"].Value.Split(' ') : [];

    /// <summary>The page, with the table as the flavor files have it.</summary>
    public static string Write(string page, FlavorCatalog catalog) => Table().Replace(
        page,
        table => $"{table.Groups["begin"].Value}\n\n{Write([.. FlavorsOf(page).Select(catalog.Get)])}\n{table.Groups["end"].Value}");

    private static string Write(IReadOnlyList<Flavor> flavors)
    {
        var facts = flavors.Select(flavor => FlavorFacts.Of(flavor).ToDictionary(StringComparer.Ordinal)).ToArray();
        string[] rows =
        [
            .. facts.SelectMany(each => each.Keys).Distinct(StringComparer.Ordinal)
                .Select(name => Row([name, .. facts.Select(each => each.GetValueOrDefault(name, ""))])),
        ];
        return string.Concat(
        [
            Row(["", .. flavors.Select(flavor => flavor.Title)]),
            $"|{string.Concat(Enumerable.Repeat("---|", flavors.Count + 1))}\n",
            Row(["verdict, as shipped", .. flavors.Select(flavor => $"{flavor.Verdict}. {flavor.Why}")]),
            .. rows,
        ]);
    }

    private static string Row(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |\n";

    [GeneratedRegex("(?<begin><!-- From config/flavors, by make docs: (?<flavors>[a-z0-9 -]+?) -->).*?(?<end><!-- Until here\\. -->)", RegexOptions.Singleline, MostMilliseconds)]
    private static partial Regex Table();
}
