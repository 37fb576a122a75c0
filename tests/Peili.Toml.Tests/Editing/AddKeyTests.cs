using Peili.Toml.Tests.Support;

namespace Peili.Toml.Tests.Editing;

public sealed class AddKeyTests
{
    [Theory]
    [InlineData("", "k = 1\n")]
    [InlineData("\ufeff", "\ufeffk = 1\n")]
    [InlineData("a = 1", "a = 1\nk = 1")]
    [InlineData("a = 1\n", "a = 1\nk = 1\n")]
    [InlineData("a=1\r\n\r\n[t]\r\n", "a=1\r\nk=1\r\n\r\n[t]\r\n")]
    [InlineData("  a = 1 # c\n\n# t\n[t]\n", "  a = 1 # c\n  k = 1\n\n# t\n[t]\n")]
    [InlineData("# c", "# c\nk = 1")]
    [InlineData("# c\n", "# c\nk = 1\n")]
    [InlineData("[t]\n", "k = 1\n\n[t]\n")]
    [InlineData("# c\n\n[t]\n", "# c\nk = 1\n\n[t]\n")]
    [InlineData("# c\n[t]\n", "# c\nk = 1\n\n[t]\n")]
    public void A_key_of_the_root_goes_before_the_first_header(string before, string after)
        => Edit.Set(before, ["k"], 1).ShouldBe(after);

    [Theory]
    [InlineData("[t]", "[t]\nk = 1")]
    [InlineData("[t] # c\n\n[u]\n", "[t] # c\nk = 1\n\n[u]\n")]
    [InlineData("[t]\na = 1\n# end\n\n[u]\n", "[t]\na = 1\nk = 1\n# end\n\n[u]\n")]
    [InlineData("[t]\n\ta = [\n\t\t1,\n\t]\n[u]\n", "[t]\n\ta = [\n\t\t1,\n\t]\n\tk = 1\n[u]\n")]
    [InlineData("[s]\n  a = 1\n\n  [s.b]\n    b = 1\n\n[t]\n", "[s]\n  a = 1\n\n  [s.b]\n    b = 1\n\n[t]\n  k = 1\n")]
    [InlineData("[t]\na.b = 1\n", "[t]\na.b = 1\nk = 1\n")]
    [InlineData("[t.u]\nx = 1\n\n[v]\n", "[t.u]\nx = 1\n\n[t]\nk = 1\n\n[v]\n")]
    [InlineData("[t.u]\n[v]\n", "[t.u]\n[t]\nk = 1\n[v]\n")]
    [InlineData("t.a = 1\nb = 2\n", "t.a = 1\nt.k = 1\nb = 2\n")]
    [InlineData("t = {}\n", "t = { k = 1 }\n")]
    [InlineData("t = { }\n", "t = { k = 1 }\n")]
    [InlineData("t = {a = 1}\n", "t = {a = 1, k = 1}\n")]
    [InlineData("t = { a.b = [1, 2] } # c\n", "t = { a.b = [1, 2], k = 1 } # c\n")]
    public void A_key_goes_behind_the_others_of_its_table(string before, string after)
        => Edit.Set(before, ["t", "k"], 1).ShouldBe(after);

    [Fact]
    public void A_key_goes_into_nested_tables_of_every_kind()
    {
        Edit.Set("[t]\nx = {a.b = 1, c = 2}", ["t", "x", "a", "k"], 1).ShouldBe("[t]\nx = {a.b = 1, a.k = 1, c = 2}");
        Edit.Set("x = {a = {}}", ["x", "a", "b", "c"], 1).ShouldBe("x = {a = { b.c = 1 }}");
        Edit.Set("x = [{a = 1}, 2]", ["x", 0, "k"], 1).ShouldBe("x = [{a = 1, k = 1}, 2]");
        Edit.Set("[f]\na.c = 1\n[f.a.t]\ns = 1\n", ["f", "a", "k"], 1).ShouldBe("[f]\na.c = 1\na.k = 1\n[f.a.t]\ns = 1\n");
        Edit.Set("[f]\na.c = 1\n", ["f", "a", "x", "y"], 1).ShouldBe("[f]\na.c = 1\na.x.y = 1\n");
        Edit.Set("[[e]]\na = 1\n[[e]]\na = 2\n", ["e", 0, "k"], 1).ShouldBe("[[e]]\na = 1\nk = 1\n[[e]]\na = 2\n");
        Edit.Set("[[e]]\n[e.s.t]\n[[e]]\n", ["e", 0, "s", "k"], 1).ShouldBe("[[e]]\n[e.s.t]\n[e.s]\nk = 1\n[[e]]\n");
    }

    [Theory]
    [InlineData("a = 1", "it is", "a = 1\n\"it is\" = 1")]
    [InlineData("'b c' = 1", "it is", "'b c' = 1\n'it is' = 1")]
    [InlineData("'b c' = 1", "it's", "'b c' = 1\n\"it's\" = 1")]
    [InlineData("a = 'x'", "", "a = 'x'\n'' = 1")]
    [InlineData("a = 1", "ä", "a = 1\n\"ä\" = 1")]
    [InlineData("a = 1", "b-_9", "a = 1\nb-_9 = 1")]
    [InlineData("a = 1", "x\n\"", "a = 1\n\"x\\n\\\"\" = 1")]
    public void A_key_is_quoted_where_it_must_be_as_others_are(string before, string key, string after)
        => Edit.Set(before, [key], 1).ShouldBe(after);

    [Theory]
    [InlineData("a = []", "a = [9]")]
    [InlineData("a = [1]", "a = [1, 9]")]
    [InlineData("a = [1, 2,]", "a = [1, 2, 9,]")]
    [InlineData("a = [\n  1\n]", "a = [\n  1,\n  9\n]")]
    [InlineData("a = [\n  1, # one\n]", "a = [\n  1, # one\n  9,\n]")]
    [InlineData("a = [\n  1 # one\n]", "a = [\n  1, # one\n  9\n]")]
    [InlineData("a = [\n  1]", "a = [\n  1,\n  9]")]
    [InlineData("a = [\n  1\n  , # one\n]", "a = [\n  1\n  , # one\n  9,\n]")]
    public void An_element_goes_behind_the_others_of_its_array(string before, string after)
    {
        var document = TomlDocument.Parse(before);

        document.Set(["a", document.Root["a"].AsArray().Count], 9);

        document.ToString().ShouldBe(after);
    }

    [Fact]
    public void An_element_that_the_path_goes_through_is_a_table()
    {
        Edit.Set("a = [1]", ["a", 1, "b", "c"], 2).ShouldBe("a = [1, { b = { c = 2 } }]");
        Edit.Set("[[a]]\nx = 1\n\n[b]\n", ["a", 1, "y"], 2).ShouldBe("[[a]]\nx = 1\n\n[[a]]\ny = 2\n\n[b]\n");
    }

    [Fact]
    public void A_path_that_cannot_be_is_refused()
    {
        Refuses("a = 1", ["a", "b"]);
        Refuses("a = [1]", ["a", 2]);
        Refuses("a = [1]", ["a", "b"]);
        Refuses("[[a]]", ["a", 1]);
        Refuses("a = {}", ["a", 0]);
        Refuses("", ["a", 0]);
        Refuses("", []);

        static void Refuses(string toml, TomlStep[] path)
        {
            var document = TomlDocument.Parse(toml);
            Should.Throw<InvalidOperationException>(() => document.Set(path, 1));
            document.ToString().ShouldBe(toml);
        }
    }
}
