using System.Text;

namespace Peili.NodeAgent.Remediation;

/// <summary>An edit for people to read.</summary>
internal static class EditPreview
{
    /// <summary>The lines that go and come.</summary>
    public static string Of(FileEdit edit)
    {
        var (before, after) = (Lines(edit.Before ?? []), Lines(edit.After));
        var start = before.Zip(after).TakeWhile(pair => pair.First == pair.Second).Count();
        var end = before.Skip(start).Reverse().Zip(after.Skip(start).Reverse()).TakeWhile(pair => pair.First == pair.Second).Count();
        var text = new StringBuilder($"--- {(edit.Before is null ? "/dev/null" : edit.Path)}\n+++ {edit.Path}\n");
        foreach (var line in before[start..^end])
        {
            text.Append('-').Append(line).Append('\n');
        }

        foreach (var line in after[start..^end])
        {
            text.Append('+').Append(line).Append('\n');
        }

        return text.ToString();
    }

    private static string[] Lines(byte[] content) => Encoding.UTF8.GetString(content) is { Length: > 0 } text ? text.TrimEnd('\n').Split('\n') : [];
}
