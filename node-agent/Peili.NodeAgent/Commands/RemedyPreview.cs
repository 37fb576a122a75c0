using System.Text;
using System.Text.RegularExpressions;
using Peili.NodeAgent.Remediation;

namespace Peili.NodeAgent.Commands;

/// <summary>An edit of containerd's configuration for people to read. The lines around it may hold credentials, which are masked.</summary>
internal static partial class RemedyPreview
{
    /// <summary>A unified diff.</summary>
    public static string Of(FileEdit edit) => UnifiedDiff.Of(edit.Path, edit.Before is null ? null : Masked(edit.Before), Masked(edit.After));

    private static string Masked(byte[] text) => Credential().Replace(Encoding.UTF8.GetString(text), $"${{name}}\"{HostsPreview.Mask}\"");

    [GeneratedRegex(
        """^(?<name>\s*["']?(password|auth|identitytoken|Authorization)["']?\s*=\s*).*$""",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex Credential();
}
