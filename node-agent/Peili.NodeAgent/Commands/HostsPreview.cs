using System.Text.RegularExpressions;
using Peili.Containerd;
using Peili.Containerd.Hosts;
using Peili.NodeAgent.Configuration;
using Peili.Toml;

namespace Peili.NodeAgent.Commands;

/// <summary>Prints what would change, with secrets masked.</summary>
internal static partial class HostsPreview
{
    /// <summary>Stands for a secret.</summary>
    public const string Mask = "***";

    /// <summary>A unified diff of each file.</summary>
    public static void Print(IReadOnlyCollection<AuthorityFile> authorities, IReadOnlyCollection<HostsEdit> edits, HostsWishes wishes, HostRoot root)
    {
        foreach (var file in authorities)
        {
            var path = root.HostPath(file.Path);
            Console.Write(File.Exists(file.Path) ? $"# {path}: is written anew\n" : UnifiedDiff.Of(path, null, file.Text));
        }

        var secrets = wishes.Mirrors.SelectMany(mirror => mirror.Headers.Values).Select(value => ((TomlValue)value).ToString()).ToArray();
        foreach (var edit in edits)
        {
            var path = root.HostPath(edit.Path);
            var diff = UnifiedDiff.Of(path, edit.Before is null ? null : Masked(edit.Before, secrets), Masked(edit.After, secrets));
            Console.Write(diff.Length > 0 ? diff : $"# {path}: its permissions or a masked secret change\n");
        }

        if (edits.Count + authorities.Count == 0)
        {
            Console.WriteLine("nothing to change");
        }
    }

    private static string Masked(string text, string[] secrets) =>
        secrets.Aggregate(Secret().Replace(text, $"${{name}}\"{Mask}\""), (masked, secret) => masked.Replace(secret, $"\"{Mask}\"", StringComparison.Ordinal));

    [GeneratedRegex($"(?<name>{RegistrySecretFile.HeaderName} = )\"[^\"]*\"", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Secret();
}
