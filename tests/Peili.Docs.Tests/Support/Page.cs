using System.Text.RegularExpressions;
using Peili.LocalCluster;

namespace Peili.Docs.Tests.Support;

/// <summary>A page of the documentation.</summary>
internal sealed partial record Page(string Path, IReadOnlyList<string> Lines, IReadOnlyList<Block> Blocks)
{
    private const int MostMilliseconds = 60_000;

    /// <summary>README.md, CONTRIBUTING.md, those of config and of the chart, and everything below docs.</summary>
    public static IReadOnlyList<Page> All { get; } =
    [
        .. new[] { "README.md", "CONTRIBUTING.md", "config/README.md", "config/chart/README.md" }
            .Concat(Directory.EnumerateFiles(Checkout.PathOf("docs"), "*.md", SearchOption.AllDirectories)
                .Select(file => System.IO.Path.GetRelativePath(Checkout.PathOf(), file)))
            .Order(StringComparer.Ordinal)
            .Select(Read),
    ];

    /// <summary>Those that say how it is; a decision says how it was when it was made.</summary>
    public static IEnumerable<Page> Current => All.Where(page => !page.Path.StartsWith("docs/decisions/", StringComparison.Ordinal));

    public static Page Of(string path) => All.Single(page => page.Path == path);

    /// <summary>The lines that are in no block, each with its number.</summary>
    public IEnumerable<(int Line, string Text)> Prose { get; } = [.. Outside(Lines)];

    /// <summary>What stands between backticks, each with its line.</summary>
    public IEnumerable<(int Line, string Text)> Spans => Paragraphs()
        .SelectMany(paragraph => Span().Matches(paragraph.Text).Select(match => (paragraph.Line, Whitespace().Replace(match.Groups["text"].Value, " "))));

    /// <summary>The targets of links and pictures, each with its line.</summary>
    public IEnumerable<(int Line, string Target)> Links => Paragraphs()
        .SelectMany(paragraph => Link().Matches(Span().Replace(paragraph.Text, "")).Select(match => (paragraph.Line, match.Groups["target"].Value)));

    /// <summary>The anchors of its headings, as GitHub makes them.</summary>
    public IEnumerable<string> Anchors => Prose.Where(line => Heading().IsMatch(line.Text))
        .Select(line => NotInAnchor().Replace(Heading().Replace(line.Text, "").ToLowerInvariant(), "").Replace(' ', '-'));

    private static Page Read(string path)
    {
        var lines = File.ReadAllLines(Checkout.PathOf(path));
        return new Page(path, lines, [.. ReadBlocks(path, lines)]);
    }

    private static IEnumerable<Block> ReadBlocks(string path, string[] lines)
    {
        for (var start = 0; start < lines.Length; start++)
        {
            if (Fence().Match(lines[start]) is not { Success: true } fence)
            {
                continue;
            }

            var end = Array.FindIndex(lines, start + 1, line => line.Trim() == "```");
            end.ShouldBeGreaterThan(start, $"{path}:{start + 1} opens a block that nothing closes");
            var indent = fence.Groups["indent"].Length;
            string[] words = fence.Groups["info"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            yield return new Block(
                start + 1,
                words is [var language, ..] ? language : "",
                [.. words.Skip(1)],
                string.Join('\n', lines[(start + 1)..end].Select(line => line.Length < indent ? "" : line[indent..])),
                lines[..start].LastOrDefault(line => line.Trim().Length > 0)?.Trim() ?? "");
            start = end;
        }
    }

    private static IEnumerable<(int, string)> Outside(IReadOnlyList<string> lines)
    {
        var inside = false;
        for (var index = 0; index < lines.Count; index++)
        {
            if (Fence().IsMatch(lines[index]))
            {
                inside = !inside;
            }
            else if (!inside)
            {
                yield return (index + 1, lines[index]);
            }
        }
    }

    // What is between backticks may go on in the next line, but not in the next paragraph or row.
    private IEnumerable<(int Line, string Text)> Paragraphs()
    {
        var paragraph = new List<(int Line, string Text)>();
        foreach (var line in Prose.Append((0, "")))
        {
            if (paragraph.Count > 0 && (line.Item2.Trim().Length == 0 || line.Item2.StartsWith('|') || line.Item1 != paragraph[^1].Line + 1))
            {
                yield return (paragraph[0].Line, string.Join('\n', paragraph.Select(part => part.Text)));
                paragraph.Clear();
            }

            paragraph.Add(line);
        }
    }

    [GeneratedRegex("^(?<indent> *)```(?<info>.*)$", RegexOptions.None, MostMilliseconds)]
    private static partial Regex Fence();

    [GeneratedRegex("`(?<text>[^`]+)`", RegexOptions.None, MostMilliseconds)]
    private static partial Regex Span();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.None, MostMilliseconds)]
    private static partial Regex Link();

    [GeneratedRegex("^#+ +", RegexOptions.None, MostMilliseconds)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]", RegexOptions.None, MostMilliseconds)]
    private static partial Regex NotInAnchor();

    [GeneratedRegex(@"\s+", RegexOptions.None, MostMilliseconds)]
    private static partial Regex Whitespace();
}
