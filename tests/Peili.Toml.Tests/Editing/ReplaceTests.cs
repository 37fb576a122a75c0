using Peili.Toml.Tests.Support;

namespace Peili.Toml.Tests.Editing;

public sealed class ReplaceTests
{
    [Theory]
    [InlineData("a = 1 # one\nb = 2", "a = 3 # one\nb = 2")]
    [InlineData("\ufeffa=1\r\n", "\ufeffa=3\r\n")]
    [InlineData("a = [1, # x\n 2]\n", "a = 3\n")]
    [InlineData("a = {b = 1}", "a = 3")]
    [InlineData("a = \"\"\"\nx\n\"\"\" # c", "a = 3 # c")]
    public void Only_the_value_is_replaced(string before, string after) => Edit.Set(before, ["a"], 3).ShouldBe(after);

    [Fact]
    public void A_value_is_replaced_wherever_it_is()
    {
        Edit.Set("[a.b]\nc.d = [1, {e = 'x', f = 2}] # c", ["a", "b", "c", "d", 1, "e"], "y").ShouldBe("[a.b]\nc.d = [1, {e = 'y', f = 2}] # c");
        Edit.Set("[[a]]\nb = 1\n[[a]]\nb = 1\n", ["a", 1, "b"], 2).ShouldBe("[[a]]\nb = 1\n[[a]]\nb = 2\n");
        Edit.Set("a = [[1], [2]]", ["a", 1], new TomlArray()).ShouldBe("a = [[1], []]");
    }

    [Theory]
    [InlineData("a = 'x'", "y", "a = 'y'")]
    [InlineData("a = 'x'", "it's", "a = \"it's\"")]
    [InlineData("a = 'x'", "y\nz", "a = \"y\\nz\"")]
    [InlineData("a = \"x\"", "C:\\", "a = \"C:\\\\\"")]
    [InlineData("a = '''x'''", "y", "a = 'y'")]
    [InlineData("b = 'x'\na = 1", "y", "b = 'x'\na = 'y'")]
    [InlineData("b = \"x\"\na = 'z'", "y", "b = \"x\"\na = 'y'")]
    [InlineData("'b c' = 1\na = 1", "y", "'b c' = 1\na = 'y'")]
    [InlineData("a = 1", "\0\x1f\x7f\t", "a = \"\\u0000\\u001F\\u007F\\t\"")]
    public void A_string_is_quoted_as_the_old_one_or_as_others_where_it_can_be(string before, string value, string after)
        => Edit.Set(before, ["a"], value).ShouldBe(after);

    [Fact]
    public void Values_of_every_kind_are_written_on_one_line()
    {
        TomlValue value = new TomlArray(
            true, -1L, 1.5, 5e300, 3.0, double.NaN, double.NegativeInfinity, "x", TomlDateTime.Parse("1979-05-27 07:32:00.50-08:00"),
            new TomlTable(("a b", new TomlArray()), ("c", new TomlTable())));

        Edit.Set("a = 0", ["a"], value).ShouldBe(
            "a = [true, -1, 1.5, 5E+300, 3.0, nan, -inf, \"x\", 1979-05-27T07:32:00.5-08:00, { \"a b\" = [], c = {} }]");
    }

    [Theory]
    [InlineData("[a]")]
    [InlineData("[a.b]")]
    [InlineData("[[a]]")]
    [InlineData("a.b = 1")]
    public void A_table_that_is_not_in_one_place_is_not_replaced(string toml)
    {
        var document = TomlDocument.Parse(toml);

        Should.Throw<InvalidOperationException>(() => document.Set(["a"], 1)).Message.ShouldContain("line 1");
        document.ToString().ShouldBe(toml);
    }

    [Fact]
    public void A_string_with_half_a_surrogate_pair_leaves_the_document_as_it_was()
    {
        var document = TomlDocument.Parse("a = 1");

        Should.Throw<TomlException>(() => document.Set(["a"], "\ud800"));

        document.ToString().ShouldBe("a = 1");
        document.Root["a"].AsInteger().ShouldBe(1);
    }
}
