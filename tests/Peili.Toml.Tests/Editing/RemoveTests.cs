using Peili.Toml.Tests.Support;

namespace Peili.Toml.Tests.Editing;

public sealed class RemoveTests
{
    [Theory]
    [InlineData("a = 1", "")]
    [InlineData("# c\na = 1 # d\nb = 2\n", "# c\nb = 2\n")]
    [InlineData("b = 2\r\na = [\r\n1]\r\n", "b = 2\r\n")]
    [InlineData("\ufeffa = 1\n", "\ufeff")]
    [InlineData("a.b = 1\nc = 1\na.d = 1\n", "c = 1\n")]
    [InlineData("b = 1\n\n[a] # c\n# d\nx = 1\n\n# y\n[y]\n", "b = 1\n\n# y\n[y]\n")]
    [InlineData("[a]\nx = 1\n\n[y]\n\n[a.b]\n\n[z]", "\n[y]\n\n[z]")]
    [InlineData("[a.b]\n[a]\n[y]\n", "[y]\n")]
    [InlineData("[[a]]\n[y]\n[[a]]\n[a.b]\n", "[y]\n")]
    [InlineData("a = {}\nb = {}", "b = {}")]
    public void A_value_goes_with_its_lines(string before, string after) => Edit.Remove(before, "a").ShouldBe(after);

    [Theory]
    [InlineData("t = {a = 1}", "t = {}")]
    [InlineData("t = { a = 1 }", "t = {  }")]
    [InlineData("t = {a = 1, b = 2}", "t = {b = 2}")]
    [InlineData("t = { b = 2, a = 1 } # c", "t = { b = 2 } # c")]
    [InlineData("t = {b = 2,a = 1,c = 3}", "t = {b = 2,c = 3}")]
    [InlineData("t = {a.x = 1, b = 2, a.y = 3, c = 4}", "t = {b = 2, c = 4}")]
    [InlineData("t = {b = 2, a.x = 1, a.y = 3}", "t = {b = 2}")]
    [InlineData("t = {a.x = 1, a.y = 3}", "t = {}")]
    [InlineData("[t]\nb.c = 1\na.x = 1\n[t.a.s]\nz = 1\n[u]\n", "[t]\nb.c = 1\n[u]\n")]
    public void A_key_goes_out_of_its_table(string before, string after) => Edit.Remove(before, "t", "a").ShouldBe(after);

    [Theory]
    [InlineData("a = [1]", 0, "a = []")]
    [InlineData("a = [1, 2, 3]", 0, "a = [2, 3]")]
    [InlineData("a = [1, 2, 3]", 1, "a = [1, 3]")]
    [InlineData("a = [1, 2, 3]", 2, "a = [1, 2]")]
    [InlineData("a = [1, 2,]", 1, "a = [1, ]")]
    [InlineData("a = [\n  1, # one\n  2, # two\n]", 0, "a = [\n  # one\n  2, # two\n]")]
    [InlineData("a = [\n  1,\n  2,\n  3\n]", 1, "a = [\n  1,\n  3\n]")]
    [InlineData("a = [\n  1,\n  2\n]", 1, "a = [\n  1\n]")]
    [InlineData("a = [\n  1, # one\n  2\n]", 1, "a = [\n  1 # one\n]")]
    [InlineData("a = [\n  1 # one\n  , 2\n]", 0, "a = [\n   # one\n   2\n]")]
    [InlineData("a = [\n  1\n  , 2\n]", 1, "a = [\n  1\n]")]
    [InlineData("[[a]]\nx = 1\n\n[[a]]\nx = 2\n\n[[a]]\nx = 3\n", 1, "[[a]]\nx = 1\n\n[[a]]\nx = 3\n")]
    public void An_element_goes_out_of_its_array(string before, int index, string after)
    {
        var document = TomlDocument.Parse(before);

        document.Remove("a", index).ShouldBeTrue();

        document.ToString().ShouldBe(after);
    }

    [Fact]
    public void What_is_not_there_is_not_removed()
    {
        var document = TomlDocument.Parse("a = [1]");

        document.Remove("b").ShouldBeFalse();
        document.Remove("a", 1).ShouldBeFalse();
        document.ToString().ShouldBe("a = [1]");
        Should.Throw<ArgumentException>(() => document.Remove());
    }

    [Fact]
    public void A_table_that_was_added_can_be_removed_without_a_trace()
    {
        const string Toml = "[a]\nx = 1\n\n[b]\ny = 1\n";
        var document = TomlDocument.Parse(Toml);

        document.Set(["a", "t", "k"], 1);
        document.Set(["c", "k"], 1);
        document.Remove("a", "t").ShouldBeTrue();
        document.Remove("c").ShouldBeTrue();

        document.ToString().ShouldBe(Toml);
    }
}
