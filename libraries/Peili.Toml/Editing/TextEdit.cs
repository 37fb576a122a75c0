using System.Text;

namespace Peili.Toml.Editing;

/// <summary>Characters to be replaced.</summary>
/// <param name="Start">The offset of the first of them.</param>
/// <param name="End">The offset behind the last of them; <paramref name="Start"/> where nothing is taken out.</param>
/// <param name="Text">What takes their place.</param>
internal readonly record struct TextEdit(int Start, int End, string Text)
{
    /// <summary>Applies edits that do not overlap; those at the same place in their order.</summary>
    public static string Apply(string text, List<TextEdit> edits)
    {
        var result = new StringBuilder(text.Length);
        var at = 0;
        foreach (var edit in edits.OrderBy(edit => edit.Start))
        {
            result.Append(text, at, edit.Start - at).Append(edit.Text);
            at = edit.End;
        }

        return result.Append(text, at, text.Length - at).ToString();
    }
}
