using System.Text.RegularExpressions;

namespace Peili.Kubectl.Bundle;

/// <summary>
/// Takes out of a text what looks like a secret. Secrets themselves are never read for a bundle; this is for what programs may have written of them elsewhere. It rather takes out
/// too much. Digests, names and addresses stay.
/// </summary>
internal static class SecretText
{
    /// <summary>What stands in its place.</summary>
    public const string Removed = "[removed]";

    /// <summary>32 bytes in base64 or base64url, as the overlay's keys and the secret between containerd and agent are, without padding.</summary>
    private const int KeyLength = 43;

    /// <summary>How long it takes does not depend on what stands there, but for its length.</summary>
    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase;

    private const string Quoted = """(\\?"([^"\\]|\\.)*?\\?"|'[^']*')""";

    private const string Value = "(" + Quoted + """|[^\s,;&"'\\\[\]{})(][^\s,;&"'\\\]})]*)""";

    private static readonly Regex s_pem = new("-----BEGIN [A-Z0-9 ]+-----.*?(-----END [A-Z0-9 ]+-----|$)", Options | RegexOptions.Singleline);

    private static readonly Regex s_scheme = new(@"\b(?<before>(Bearer|Basic|Negotiate)\s+)[A-Za-z0-9._~+/=-]{6,}", Options);

    private static readonly Regex s_header = new(
        """(?<before>((proxy-)?authorization|(set-)?cookie|x-peili-node|x-[a-z0-9-]*(token|key|auth|secret|signature|credential)[a-z0-9-]*)\\?["']?\s*[=:]\s*)(\[\s*""" + Quoted + """\s*\]?|((bearer|basic)\s+)?""" + Value + ")",
        Options);

    private static readonly Regex s_assignment = new(
        """(?<before>(password|passwd|passphrase|token|client[-_]?secret|secret[-_]?key|access[-_]?key|api[-_]?key|private[-_]?key|signature|credentials?)\\?["']?\s*[=:]\s*)""" + Value,
        Options);

    private static readonly Regex s_user = new(@"(?<before>\b[a-z][a-z0-9+.-]*://)[^\s/@""']+@", Options);

    private static readonly Regex s_jwt = new(@"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(\.[A-Za-z0-9_-]*)?", Options);

    private static readonly Regex s_key = new("[A-Za-z0-9+/_-]{43,}=?", Options);

    /// <summary>The text without them.</summary>
    public static string Remove(string text)
    {
        text = s_pem.Replace(text, Removed);
        text = s_scheme.Replace(text, $"${{before}}{Removed}");
        text = s_header.Replace(text, $"${{before}}{Removed}");
        text = s_assignment.Replace(text, $"${{before}}{Removed}");
        text = s_user.Replace(text, $"${{before}}{Removed}@");
        text = s_jwt.Replace(text, Removed);
        return s_key.Replace(text, match => IsKey(match.ValueSpan) ? Removed : match.Value);
    }

    /// <summary>Names of Kubernetes have no capitals, digests neither.</summary>
    private static bool IsKey(ReadOnlySpan<char> text) =>
        text.TrimEnd('=').Length == KeyLength && text.ContainsAnyInRange('A', 'Z') && text.ContainsAnyInRange('a', 'z') && text.ContainsAnyInRange('0', '9');
}
