using Peili.Toml.Tests.Support;

namespace Peili.Toml.Tests.Editing;

public sealed class AddTableTests
{
    [Theory]
    [InlineData("", "[a.b]\nk = 1\n")]
    [InlineData("x = 1", "x = 1\n\n[a.b]\nk = 1")]
    [InlineData("x = 1\r\n", "x = 1\r\n\r\n[a.b]\r\nk = 1\r\n")]
    [InlineData("# c\n\n", "# c\n\n[a.b]\nk = 1\n")]
    [InlineData("[x]\n[y]\n", "[x]\n[y]\n[a.b]\nk = 1\n")]
    [InlineData("[x]\n\n[y]\n", "[x]\n\n[y]\n\n[a.b]\nk = 1\n")]
    [InlineData("[a]\nx = 1\n\n# y\n[y]\n", "[a]\nx = 1\n\n[a.b]\nk = 1\n\n# y\n[y]\n")]
    [InlineData("[a.c]\nx = 1\n\n[y]\n", "[a.c]\nx = 1\n\n[a.b]\nk = 1\n\n[y]\n")]
    [InlineData("[a]\n\n  [a.c]\n    x = 1\n\n[y]\n  z = 1\n", "[a]\n\n  [a.c]\n    x = 1\n\n  [a.b]\n    k = 1\n\n[y]\n  z = 1\n")]
    [InlineData("[a]\n\n[y]\n  z = 1\n\n  [y.z2]\n", "[a]\n\n  [a.b]\n    k = 1\n\n[y]\n  z = 1\n\n  [y.z2]\n")]
    [InlineData("[[a]]\n", null)]
    public void A_key_gets_the_table_it_needs_behind_its_parent(string before, string? after)
    {
        if (after is null)
        {
            Should.Throw<InvalidOperationException>(() => Edit.Set(before, ["a", "b", "k"], 1));
        }
        else
        {
            Edit.Set(before, ["a", "b", "k"], 1).ShouldBe(after);
        }
    }

    [Fact]
    public void A_table_is_written_with_its_tables()
        => Edit.Set("", ["host", "https://a:1"], new TomlTable(
            ("header", new TomlTable(("x-id", "1"))),
            ("capabilities", new TomlArray("pull", "resolve")),
            ("client", new TomlArray(new TomlArray("/c.crt", "/c.key"))))).ShouldBe(
            """
            [host."https://a:1"]
            capabilities = ["pull", "resolve"]
            client = [["/c.crt", "/c.key"]]

            [host."https://a:1".header]
            x-id = "1"

            """);

    [Fact]
    public void An_empty_table_is_a_header()
        => Edit.Set("[a]\n", ["a", "b"], new TomlTable()).ShouldBe("[a]\n\n[a.b]\n");

    [Fact]
    public void A_table_in_a_table_that_is_written_inline_is_inline_too()
    {
        Edit.Set("a = {b = 1}", ["a", "c"], new TomlTable(("d", 1))).ShouldBe("a = {b = 1, c = { d = 1 }}");
        Edit.Set("a.b = 1", ["a", "c"], new TomlTable(("d", 1))).ShouldBe("a.b = 1\na.c = { d = 1 }");
    }

    [Fact]
    public void A_table_goes_to_the_element_it_belongs_to()
        => Edit.Set("[[a]]\nx = 1\n\n[[a]]\nx = 2\n", ["a", 0, "t", "k"], 1)
            .ShouldBe("[[a]]\nx = 1\n\n[a.t]\nk = 1\n\n[[a]]\nx = 2\n");

    [Fact]
    public void A_table_goes_before_another_and_before_the_comment_above_it()
        => Edit.InsertBefore(
            "# mine\nserver = 'x'\n\n# first\n[host.'a']\n\n[host.'b']\n",
            ["host", "a"],
            "http://c",
            new TomlTable(("capabilities", new TomlArray("pull")))).ShouldBe(
            "# mine\nserver = 'x'\n\n[host.'http://c']\ncapabilities = ['pull']\n\n# first\n[host.'a']\n\n[host.'b']\n");

    [Theory]
    [InlineData("# mine\n[t.a]\n", "# mine\n[t.n]\nk = 1\n\n[t.a]\n")]
    [InlineData("# one\n# two\n[t.a]\n", "# one\n# two\n[t.n]\nk = 1\n\n[t.a]\n")]
    [InlineData("\n# one\n# two\n[t.a]\n", "\n[t.n]\nk = 1\n\n# one\n# two\n[t.a]\n")]
    [InlineData("s = '''\n# '''\n[t.a]\n", "s = '''\n# '''\n[t.n]\nk = 1\n\n[t.a]\n")]
    [InlineData("s = '''\n# '''\n# c\n[t.a]\n", "s = '''\n# '''\n[t.n]\nk = 1\n\n# c\n[t.a]\n")]
    [InlineData("\ufeff[t.a]\n[u]", "\ufeff[t.n]\nk = 1\n[t.a]\n[u]")]
    [InlineData("[x]\n  [t.a]\n", "[x]\n  [t.n]\n  k = 1\n  [t.a]\n")]
    [InlineData("[t.a.b]\n", "[t.n]\nk = 1\n\n[t.a.b]\n")]
    [InlineData("[[t.a]]\n", "[t.n]\nk = 1\n\n[[t.a]]\n")]
    [InlineData("[t]\n  a = {}\n", "[t]\n  n = { k = 1 }\n  a = {}\n")]
    [InlineData("t.a = {}\n", "t.n = { k = 1 }\nt.a = {}\n")]
    [InlineData("t = {a = {}}\n", "t = {n = { k = 1 }, a = {}}\n")]
    [InlineData("t = {b = 1, a.x = 1}\n", null)]
    [InlineData("t = {b = 1}\n", null)]
    [InlineData("t.a = 1\nt.n = 1", null)]
    public void A_table_is_inserted_as_its_sibling_is_written(string before, string? after)
    {
        if (after is null)
        {
            Should.Throw<InvalidOperationException>(() => Edit.InsertBefore(before, ["t", "a"], "n", new TomlTable(("k", 1))));
        }
        else
        {
            Edit.InsertBefore(before, ["t", "a"], "n", new TomlTable(("k", 1))).ShouldBe(after);
        }
    }

    [Fact]
    public void A_value_is_not_inserted_before_a_header()
        => Should.Throw<InvalidOperationException>(() => Edit.InsertBefore("[t.a]", ["t", "a"], "n", 1));
}
