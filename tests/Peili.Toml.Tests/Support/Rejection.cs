namespace Peili.Toml.Tests.Support;

/// <summary>Checks that a document is no TOML, and where.</summary>
internal static class Rejection
{
    public static void ShouldBeRejectedAt(this string toml, int line, int column)
    {
        var error = Should.Throw<TomlException>(() => TomlDocument.Parse(toml));

        (error.Line, error.Column).ShouldBe((line, column), error.Message);
        error.Message.ShouldEndWith($"(line {line}, column {column})");
    }
}
