namespace Peili.NodeAgent.Commands;

/// <summary>Colour where a person looks, plain text in a pipe or with NO_COLOR set (no-color.org).</summary>
internal static class TerminalColor
{
    private static readonly bool IsOn =
        !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") is not (null or "dumb");

    public static string Red(string text) => Paint(text, 31);

    public static string Yellow(string text) => Paint(text, 33);

    public static string Green(string text) => Paint(text, 32);

    public static string Bold(string text) => Paint(text, 1);

    /// <summary>Writes text so that it takes the same room with and without colour.</summary>
    private static string Paint(string text, int code) => IsOn ? $"\e[{code}m{text}\e[0m" : text;
}
