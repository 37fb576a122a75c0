namespace Peili.Crds.Schema;

/// <summary>
/// How a string must be written, or each string of a list or map. It becomes a rule, for rules have messages; servers that know no rules get a pattern.
/// </summary>
/// <param name="pattern">In the syntax that RE2 and .NET share, anchored.</param>
/// <param name="message">Begins with "must".</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PatternAttribute(string pattern, string message) : Attribute
{
    public string Pattern { get; } = pattern;

    public string Message { get; } = message;
}
