namespace Peili.Docs.Tests.Support;

/// <summary>A fenced block of a page.</summary>
/// <param name="Line">The line of its fence, from 1.</param>
/// <param name="Language">The first word behind the fence.</param>
/// <param name="Words">The others: what is to be done with it, such as <c>test</c> or <c>exit=1</c>.</param>
/// <param name="Text">What is in it.</param>
/// <param name="Mark">The paragraph right above it.</param>
internal sealed record Block(int Line, string Language, IReadOnlyList<string> Words, string Text, string Mark)
{
    /// <summary>What is to be done with it; empty where nothing is said.</summary>
    public string Class => Words is [var first, ..] ? first : "";

    /// <summary>Whether a test runs it.</summary>
    public bool IsRun => Language == "sh" && Class == "test";

    /// <summary>The value of NAME=VALUE; null where it is not said.</summary>
    public string? Value(string name) => Words.FirstOrDefault(word => word.StartsWith($"{name}=", StringComparison.Ordinal))?[(name.Length + 1)..];
}
