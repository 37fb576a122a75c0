using Peili.Toml.Tests.Support;

namespace Peili.Toml.Tests.Invalid;

public sealed class InvalidKeyTests
{
    [Theory]
    [InlineData("a.b", 1, 4)]
    [InlineData(".a = 1", 1, 1)]
    [InlineData("a. = 1", 1, 4)]
    [InlineData("a..b = 1", 1, 3)]
    [InlineData("a.\nb = 1", 1, 3)]
    [InlineData("a b = 1", 1, 3)]
    [InlineData("a! = 1", 1, 2)]
    [InlineData("a+b = 1", 1, 2)]
    [InlineData("\u00e4 = 1", 1, 1)]
    [InlineData("a\u00e4 = 1", 1, 2)]
    [InlineData("\u2013 = 1", 1, 1)]
    [InlineData("a[0] = 1", 1, 2)]
    [InlineData("{ } = 1", 1, 1)]
    [InlineData("\"a = 1", 1, 1)]
    [InlineData("'a = 1", 1, 1)]
    [InlineData("\"a\nb\" = 1", 1, 1)]
    [InlineData("'a\nb' = 1", 1, 1)]
    [InlineData("\"\"\"a\"\"\" = 1", 1, 1)]
    [InlineData("'''a''' = 1", 1, 1)]
    [InlineData("\"\"\" \"\"\".b = 1", 1, 1)]
    [InlineData("\"a\"b = 1", 1, 4)]
    [InlineData("\"a\"\"b\" = 1", 1, 4)]
    [InlineData("\"\\q\" = 1", 1, 2)]
    [InlineData("\"\\ud800\" = 1", 1, 2)]
    [InlineData("[\"a\nb\"]", 1, 2)]
    [InlineData("[['''a''']]", 1, 3)]
    [InlineData("\"a\u0001\" = 1", 1, 3)]
    [InlineData("'a\u007f' = 1", 1, 3)]
    [InlineData("a=1\n\"a\"=2", 2, 1)]
    [InlineData("a=1\n'a'=2", 2, 1)]
    [InlineData("\"\\u0061\"=1\na=2", 2, 1)]
    [InlineData("a=1\na=1", 2, 1)]
    [InlineData("*a = 1", 1, 1)]
    [InlineData("a = 1, b = 2", 1, 6)]
    public void A_key_that_breaks_the_rules_is_rejected(string toml, int line, int column) => toml.ShouldBeRejectedAt(line, column);
}
