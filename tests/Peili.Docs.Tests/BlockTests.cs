using Peili.Docs.Tests.Support;

namespace Peili.Docs.Tests;

/// <summary>Every block says what it is. CONTRIBUTING.md explains the words.</summary>
public sealed class BlockTests
{
    private static readonly string[] s_texts = ["text", "text output", "toml", "yaml", "yaml serve", "yaml configure", "yaml registries", "promql"];

    [Fact]
    public void Every_block_of_commands_is_run_by_a_test_or_says_why_not()
    {
        Blocks().Where(block => block.Block.Language == "sh" && block.Block.Class is not ("test" or "long" or "cluster")).Select(block => block.Place).ShouldBeEmpty(
            "a block of commands begins with ```sh test (a test runs it), ```sh long (minutes of one machine) or ```sh cluster");
        Blocks().Count(block => block.Block.IsRun).ShouldBeGreaterThan(10);
    }

    [Fact]
    public void Every_other_block_is_of_a_known_kind() => Blocks()
        .Where(block => block.Block.Language != "sh" && !s_texts.Contains($"{block.Block.Language} {block.Block.Class}".Trim()))
        .Select(block => $"{block.Place}: {block.Block.Language} {block.Block.Class}")
        .ShouldBeEmpty();

    [Fact]
    public void No_block_is_made_by_indenting() => Page.All
        .SelectMany(page => page.Prose
            .Where(line => line.Text.StartsWith("    ", StringComparison.Ordinal) && (line.Line == 1 || page.Lines[line.Line - 2].Length == 0))
            .Select(line => $"{page.Path}:{line.Line}"))
        .ShouldBeEmpty("put it between fences, and say what it is");

    [Fact]
    public void The_reader_sees_what_needs_a_cluster() => Page.All
        .Where(page => !page.Prose.Take(8).Any(line => line.Text.StartsWith("Every command on this page needs a ", StringComparison.Ordinal)))
        .SelectMany(page => page.Blocks.Where(block => (block.Mark == "*Needs a cluster.*") != (block is { Language: "sh", Class: "cluster" })).Select(block => $"{page.Path}:{block.Line}"))
        .ShouldBeEmpty("*Needs a cluster.* stands above these blocks, and above no other");

    [Fact]
    public void Output_follows_the_commands_that_print_it() => Page.All
        .SelectMany(page => page.Blocks
            .Where(block => block is { Language: "text", Class: "output" } && !page.Blocks.Any(before => before.Line < block.Line && before.IsRun))
            .Select(block => $"{page.Path}:{block.Line}"))
        .ShouldBeEmpty();

    private static IEnumerable<(string Place, Block Block)> Blocks() => Page.All.SelectMany(page => page.Blocks.Select(block => ($"{page.Path}:{block.Line}", block)));
}
