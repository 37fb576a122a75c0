namespace Peili.DBus;

/// <summary>Which signals are wanted; null means any.</summary>
/// <param name="Path">The object that signals.</param>
/// <param name="Interface">The signal's interface.</param>
/// <param name="Member">The signal.</param>
public sealed record MatchRule(string? Path, string? Interface, string? Member)
{
    /// <summary>The rule as a bus takes it.</summary>
    public override string ToString() => string.Join(',', new[]
    {
        "type='signal'", Term("path", Path), Term("interface", Interface), Term("member", Member),
    }.Where(term => term.Length > 0));

    internal bool Matches(DBusMessage signal) =>
        (Path ?? signal.Path) == signal.Path && (Interface ?? signal.Interface) == signal.Interface && (Member ?? signal.Member) == signal.Member;

    private static string Term(string key, string? value) => value is null ? "" : $"{key}='{value}'";
}
