namespace Peili.Toml.Parsing;

/// <summary>Keys: bare, quoted and dotted.</summary>
internal static class KeySyntax
{
    /// <summary>Reads a dotted key and the blanks behind it.</summary>
    /// <param name="scanner">The document.</param>
    /// <param name="parts">Where the parts are put; what was in it is lost.</param>
    public static void Read(Scanner scanner, List<KeyPart> parts)
    {
        parts.Clear();
        do
        {
            scanner.SkipBlanks();
            if (parts.Count == TomlDocument.MaxDepth)
            {
                throw scanner.Failure($"nested deeper than {TomlDocument.MaxDepth}");
            }

            var start = scanner.Position;
            parts.Add(new KeyPart(ReadPart(scanner), start));
            scanner.SkipBlanks();
        }
        while (scanner.TryTake('.'));
    }

    private static string ReadPart(Scanner scanner)
    {
        if (scanner.Current is TomlText.BasicQuote or TomlText.LiteralQuote)
        {
            return StringSyntax.Read(scanner, mayHaveLines: false);
        }

        var start = scanner.Position;
        while (char.IsAsciiLetterOrDigit(scanner.Current) || scanner.Current is '-' or '_')
        {
            scanner.Position++;
        }

        return scanner.Position > start ? scanner.Text[start..scanner.Position] : throw scanner.Unexpected("a key");
    }
}
