using System.Text;

namespace Peili.Docs.Tests.Support;

/// <summary>As much of a shell's language as the pages use.</summary>
internal static class Shell
{
    /// <summary>The commands of a text, each as its words; without comments, and without the variables that are set in front.</summary>
    public static IEnumerable<IReadOnlyList<string>> Commands(string text)
    {
        var words = new List<string>();
        foreach (var word in Words(text.Replace("\\\n", " ", StringComparison.Ordinal)))
        {
            if (word is not ("\n" or ";" or "&&" or "|"))
            {
                words.Add(word);
            }
            else if (words.Count > 0)
            {
                yield return words;
                words = [];
            }
        }

        if (words.Count > 0)
        {
            yield return words;
        }
    }

    private static IEnumerable<string> Words(string text)
    {
        var word = new StringBuilder();
        for (var (index, depth, quote) = (0, 0, '\0'); index <= text.Length; index++)
        {
            var character = index < text.Length ? text[index] : '\n';
            if (quote == '\0' && depth == 0 && (char.IsWhiteSpace(character) || character == ';'))
            {
                if (word.Length > 0)
                {
                    yield return word.ToString();
                    word.Clear();
                }

                if (character is '\n' or ';')
                {
                    yield return "\n";
                }

                continue;
            }

            if (quote == '\0' && word.Length == 0 && character == '#')
            {
                index = text.IndexOf('\n', index) is var end and >= 0 ? end - 1 : text.Length;
                continue;
            }

            depth += (quote, character) switch { ('\0', '(') => 1, ('\0', ')') => -1, _ => 0 };
            if (depth == 0 && character is '\'' or '"' && (quote == '\0' || quote == character))
            {
                quote = quote == '\0' ? character : '\0';
                continue;
            }

            word.Append(character);
        }
    }
}
