namespace Peili.Crds.Tests.Support;

/// <summary>What a rule accepts and what it refuses.</summary>
/// <param name="Message">What it says.</param>
/// <param name="Accepted">Specs that it accepts, or whole objects where they begin with metadata.</param>
/// <param name="Refused">Those that it refuses.</param>
/// <param name="IsPattern">Whether it is about how one string is written, which old servers know, too.</param>
public sealed record RuleCase(string Message, string[] Accepted, string[] Refused, bool IsPattern = false)
{
    /// <summary>A spec or an object as an object.</summary>
    public static RegistryMirrorJson Parse(string text) =>
        text.StartsWith("""{"metadata":""", StringComparison.Ordinal) ? new RegistryMirrorJson(text) : RegistryMirrorJson.WithSpec(text);
}
