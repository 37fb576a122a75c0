using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Peili.Crds.Schema;

namespace Peili.Crds;

/// <summary>Looks at fields and gathers what is wrong.</summary>
internal sealed class FieldCheck
{
    private static readonly ConcurrentDictionary<string, Regex> s_patterns = new(StringComparer.Ordinal);
    private readonly List<ValidationError> _errors = [];

    public IReadOnlyList<ValidationError> Errors => _errors;

    /// <summary>Whether a text is as a pattern says. In .NET, unlike RE2, $ is before a last line break, too.</summary>
    public static bool Matches(string pattern, string text) =>
        text is not [.., '\n'] && s_patterns.GetOrAdd(pattern, static pattern => new Regex(pattern, Patterns.Options)).IsMatch(text);

    public void Holds(string path, bool holds, string message)
    {
        if (!holds)
        {
            _errors.Add(new ValidationError(path, message));
        }
    }

    public bool Matches(string path, string text, string pattern, string message)
    {
        var matches = Matches(pattern, text);
        Holds(path, matches, message);
        return matches;
    }

    public void MatchesIfAny(string path, string? text, string pattern, string message) =>
        Holds(path, string.IsNullOrEmpty(text) || Matches(pattern, text), message);

    public void AllMatch(string path, IEnumerable<string> texts, string pattern, string message) =>
        Each(path, texts, (item, text) => Matches(item, text, pattern, message));

    public static void Each<T>(string path, IEnumerable<T> items, Action<string, T> check)
    {
        foreach (var (index, item) in items.Index())
        {
            check($"{path}[{index}]", item);
        }
    }
}
