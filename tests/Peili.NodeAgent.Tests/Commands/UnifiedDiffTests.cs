using Peili.NodeAgent.Commands;
using Peili.NodeAgent.Tests.Support;

namespace Peili.NodeAgent.Tests.Commands;

/// <summary>Against the program <c>patch</c>.</summary>
public sealed class UnifiedDiffTests : IDisposable
{
    private readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Equal_texts_have_no_difference() => UnifiedDiff.Of("f", "a\nb\n", "a\nb\n").ShouldBeEmpty();

    [Fact]
    public void A_new_file_comes_from_nowhere() => UnifiedDiff.Of("/a/b", null, "x\ny").ShouldBe("--- /dev/null\n+++ /a/b\n@@ -0,0 +1,2 @@\n+x\n+y\n\\ No newline at end of file\n");

    [Fact]
    public void Three_lines_around_a_change_are_shown() =>
        UnifiedDiff.Of("f", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n")
            .ShouldBe("--- f\n+++ f\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");

    [Fact]
    public async Task Patch_makes_the_second_text_of_the_first()
    {
        var random = new Random(7);
        for (var round = 0; round < 40; round++)
        {
            var before = Text(random, 30);
            var after = string.Concat(before.Split('\n').SelectMany(line => random.Next(8) switch { 0 => [], 1 => ["new\n", line + "\n"], _ => (string[])[line + "\n"] }));
            after = random.Next(3) == 0 ? after.TrimEnd('\n') : after;
            var file = _directory.Write("file", before);

            var diff = UnifiedDiff.Of("file", before, after);

            if (diff.Length > 0)
            {
                await Patch.ApplyAsync(_directory.Path, diff);
                (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).ShouldBe(after, diff);
            }
        }
    }

    [Fact]
    public void Very_long_texts_are_compared_roughly()
    {
        var before = string.Concat(Enumerable.Range(0, 3000).Select(line => $"{line}\n"));
        var after = string.Concat(Enumerable.Range(0, 3000).Select(line => $"{line * 2}\n"));

        var diff = UnifiedDiff.Of("f", before, after);

        diff.ShouldStartWith("--- f\n+++ f\n@@ -1,3000 +1,3000 @@\n 0\n-1\n-2\n");
    }

    private static string Text(Random random, int lines) => string.Concat(Enumerable.Range(0, random.Next(lines)).Select(_ => $"{random.Next(6)}\n")) + (random.Next(2) == 0 ? "end" : "");
}
