using System.Text;
using Peili.Toml.Tests.Support;

namespace Peili.Toml.Tests;

public sealed class LimitTests
{
    private const int Deepest = TomlDocument.MaxDepth;
    private const int Many = 100_000;

    [Fact]
    public void Arrays_nest_as_deep_as_the_limit_and_no_deeper()
    {
        TomlDocument.Parse($"a={Repeat("[", Deepest)}{Repeat("]", Deepest)}").Root["a"].Kind.ShouldBe(TomlKind.Array);

        $"a={Repeat("[", 1_000_000)}".ShouldBeRejectedAt(1, Deepest + 3);
    }

    [Fact]
    public void Inline_tables_nest_as_deep_as_the_limit_and_no_deeper()
    {
        TomlDocument.Parse($"{Repeat("a={", Deepest)}{Repeat("}", Deepest)}").Root["a"].Kind.ShouldBe(TomlKind.Table);

        Repeat("a={", 1_000_000).ShouldBeRejectedAt(1, (Deepest * 3) + 3);
    }

    [Fact]
    public void Dotted_keys_are_as_long_as_the_limit_and_no_longer()
    {
        TomlDocument.Parse($"{Repeat("a.", Deepest - 1)}a=1").Root["a"].Kind.ShouldBe(TomlKind.Table);

        $"{Repeat("a.", 1_000_000)}a=1".ShouldBeRejectedAt(1, (Deepest * 2) + 1);
    }

    [Fact]
    public void Headers_are_as_deep_as_the_limit_and_no_deeper()
    {
        TomlDocument.Parse($"[{Repeat("a.", Deepest - 1)}a]").Root["a"].Kind.ShouldBe(TomlKind.Table);

        $"[{Repeat("a.", 1_000_000)}a]".ShouldBeRejectedAt(1, (Deepest * 2) + 2);
    }

    [Fact]
    public void Depth_adds_up_over_headers_dotted_keys_and_braces()
        => $"[{Repeat("a.", 100)}a]\n{Repeat("b.", 20)}b={Repeat("[{c=", 20)}".ShouldBeRejectedAt(2, 42 + (4 * 4) - 2);

    [Fact]
    public void Depth_adds_up_over_arrays_of_tables()
    {
        var toml = new StringBuilder();
        var path = "a";
        for (var depth = 2; depth <= Deepest; depth += 2)
        {
            toml.Append('[').Append('[').Append(path).Append("]]\n");
            path += ".a";
        }

        TomlDocument.Parse(toml.ToString()).Root["a"].Kind.ShouldBe(TomlKind.Array);
        $"{toml}[[{path}]]".ShouldBeRejectedAt((Deepest / 2) + 1, path.Length + 2);
    }

    [Fact]
    public void A_document_beyond_the_longest_is_rejected()
    {
        var longest = new string('#', TomlDocument.MaxLength);

        TomlDocument.Parse(longest).Root.ShouldBeEmpty();
        $"{longest}#".ShouldBeRejectedAt(1, 1);
        TomlDocument.TryParse(new byte[TomlDocument.MaxLength + 1], out _, out var error).ShouldBeFalse();
        error!.Message.ShouldContain("longer than 16777216 bytes");
    }

    [Fact]
    public void A_document_with_too_many_values_is_rejected()
        => $"a=[{Repeat("1,", TomlDocument.MaxValues)}]".ShouldBeRejectedAt(1, 4 + (2 * (TomlDocument.MaxValues - 1)));

    [Fact]
    public void Tables_that_dotted_keys_make_count_as_values()
    {
        var parts = Repeat(".a", Deepest - 1);
        var keys = Enumerable.Range(0, TomlDocument.MaxValues / Deepest).Select(index => $"k{index}{parts} = 1\n");

        var error = Should.Throw<TomlException>(() => TomlDocument.Parse($"{string.Concat(keys)}{Repeat("[[a]]\n", Deepest)}"));

        error.Message.ShouldContain("more than 500000 values and tables");
    }

    [Fact]
    public void A_huge_key_is_read_and_cut_in_messages()
    {
        var key = new string('k', 5_000_000);

        TomlDocument.Parse($"{key}=1").Root[key].AsInteger().ShouldBe(1);
        Should.Throw<TomlException>(() => TomlDocument.Parse($"{key}=1\n{key}=2")).Message.Length.ShouldBeLessThan(250);
        Should.Throw<TomlException>(() => TomlDocument.Parse($"a={key}")).Message.Length.ShouldBeLessThan(250);
    }

    /// <summary>100,000 of each, with a bound far beyond what they need: only work that grows with the size of the document misses it.</summary>
    [Theory]
    [InlineData("k{0} = {0}\n")]
    [InlineData("a.b.c.k{0} = {0}\n")]
    [InlineData("a{0}.b = {0}\n")]
    [InlineData("[t{0}]\n")]
    [InlineData("[a.b.t{0}]\n")]
    [InlineData("[[a]]\n")]
    [InlineData("[[a.b]]\n[a.b.c]\n")]
    [InlineData("# {0}\n")]
    [InlineData("\r\n")]
    public Task Many_lines_are_read_in_time(string line) => ParsesAsync("", line, "");

    [Theory]
    [InlineData("a=[", "{0},\n", "]")]
    [InlineData("a=[", "{{}},", "]")]
    [InlineData("a={", "k{0}={0},", "z=1}")]
    [InlineData("a=\"\"\"", "\\n\n", "\"\"\"")]
    [InlineData("a='''", "''\n", "'''")]
    [InlineData("a=[\n", "# {0}\n", "]")]
    [InlineData("a=0.1", "{0}_0", "")]
    public Task A_long_value_is_read_in_time(string before, string part, string after) => ParsesAsync(before, part, after);

    [Fact]
    public async Task A_large_document_is_edited_in_time()
    {
        var document = TomlDocument.Parse(Build("", "[t.t{0}]\nk = {0}\n", "", Many / 4));

        await InTimeAsync(() =>
        {
            document.Set(["t", "t7", "other"], "value");
            document.Remove("t", "t8");
            document.Set(["t", "new", "key"], 1);
            return document;
        });

        document.Find("t", "t7", "other")!.AsString().ShouldBe("value");
        document.Find("t")!.AsTable().Count.ShouldBe(Many / 4);
    }

    [Theory]
    [InlineData("k{0} = '{0}'\n")]
    [InlineData("a.b.c.k{0} = [{0}, {{}}]\n")]
    [InlineData("[a.b.t{0}]\nk = {0}\n")]
    [InlineData("[[a]]\nk = \"\\n\"\n")]
    public void Memory_grows_in_proportion(string line)
    {
        var (small, large) = (Build("", line, "", 4_000), Build("", line, "", 32_000));

        AllocatedFor(large).ShouldBeLessThan(16 * AllocatedFor(small));
    }

    private static long AllocatedFor(string toml)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        TomlDocument.Parse(toml).Root.ShouldNotBeEmpty();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static async Task ParsesAsync(string before, string part, string after)
    {
        var toml = Build(before, part, after, Many);

        var document = await InTimeAsync(() => TomlDocument.Parse(toml));

        document.ToString().ShouldBeSameAs(toml);
    }

    private static Task<TomlDocument> InTimeAsync(Func<TomlDocument> work)
        => Task.Run(work, TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

    private static string Build(string before, string part, string after, int count)
    {
        var format = CompositeFormat.Parse(part);
        var toml = new StringBuilder(before);
        for (var index = 0; index < count; index++)
        {
            toml.AppendFormat(null, format, index);
        }

        return toml.Append(after).ToString();
    }

    private static string Repeat(string text, int count) => new StringBuilder().Insert(0, text, count).ToString();
}
