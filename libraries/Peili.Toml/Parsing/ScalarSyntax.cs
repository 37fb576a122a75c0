namespace Peili.Toml.Parsing;

/// <summary>Values that are neither arrays nor tables.</summary>
internal static class ScalarSyntax
{
    /// <summary>Reads the value that begins at the scanner's place.</summary>
    public static object Read(Scanner scanner)
    {
        if (scanner.Current is TomlText.BasicQuote or TomlText.LiteralQuote)
        {
            return StringSyntax.Read(scanner, mayHaveLines: true);
        }

        var start = scanner.Position;
        SkipToken(scanner);
        if (scanner.Position == start)
        {
            throw scanner.Unexpected("a value");
        }

        var token = scanner.Text.AsSpan(start..scanner.Position);
        if (token is "true" or "false")
        {
            return token is "true";
        }

        if (!DateTimeSyntax.IsLike(token))
        {
            return NumberSyntax.Parse(token, out var reason)
                ?? throw scanner.Failure($"'{Scanner.Quote(token)}' is not a value: {reason}", start);
        }

        if (token.Length == "1979-05-27".Length && IsDigitBehindSpace(scanner))
        {
            scanner.Position++;
            SkipToken(scanner);
            token = scanner.Text.AsSpan(start..scanner.Position);
        }

        return DateTimeSyntax.Parse(token)
            ?? throw scanner.Failure($"'{Scanner.Quote(token)}' is not a date or time", start);
    }

    private static bool IsDigitBehindSpace(Scanner scanner)
        => scanner.Current == ' '
            && scanner.Position + 1 < scanner.Text.Length
            && char.IsAsciiDigit(scanner.Text[scanner.Position + 1]);

    private static void SkipToken(Scanner scanner)
    {
        while (char.IsAsciiLetterOrDigit(scanner.Current) || scanner.Current is '+' or '-' or '.' or '_' or ':')
        {
            scanner.Position++;
        }
    }
}
