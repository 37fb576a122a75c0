using System.CommandLine;
using System.CommandLine.Parsing;
using Peili.Containerd;
using Peili.NodeAgent.Configuration;

namespace Peili.NodeAgent.Commands;

/// <summary>Options of what is written into certs.d.</summary>
internal static class HostsOptions
{
    public static Option<MirrorSettings[]> Mirrors { get; } = new("--mirror")
    {
        Description = "Another mirror, asked after the agent and before what is there already (repeatable). containerd appends /v2 to its path. In the file of --config "
            + "an item may be a mapping: url, ca, client-cert, client-key (host paths), ca-pem (the text), headers, skip-verify, override-path (the path as it is), registries (only for these).",
        HelpName = "URL",
        CustomParser = result => [.. result.Tokens.Select(token => ParseMirror(result, token.Value)).OfType<MirrorSettings>()],
    };

    public static Option<string?> RegistriesYaml { get; } = new("--registries-yaml")
    {
        Description = "k3s' or RKE2's registries.yaml: its endpoints are asked after the agent, as k3s would. Rewrites and credentials are refused, hosts.toml has no place for them.",
        HelpName = "FILE",
    };

    public static Option<bool> NoAgent { get; } = new("--no-agent")
    {
        Description = "Leave the agent out, for as long as there is none: only --mirror and --registries-yaml are written.",
    };

    public static Option<bool> ReplaceExisting { get; } = new("--replace-existing")
    {
        Description = "Put what is there already out of force, rather than keep it behind ours. `cleanup` brings it back.",
    };

    public static Option<bool> NoUpstream { get; } = new("--no-upstream")
    {
        Description = "Never ask the registry itself (air-gap): what no mirror has is not found.",
    };

    public static Option<bool> DryRun { get; } = new("--dry-run")
    {
        Description = "Print what would change as a unified diff (for patch -d / -p1) and change nothing. The registry secret and headers of mirrors are shown as ***.",
    };

    /// <summary>Reads the options that <c>serve</c> and <c>configure</c> share.</summary>
    /// <exception cref="UsageException">registries.yaml cannot be used.</exception>
    public static HostsWishes Bind(ParseResult parsed, HostRoot root) => new()
    {
        Mirrors = parsed.GetValue(Mirrors) ?? [],
        ReplaceExisting = parsed.GetValue(ReplaceExisting),
        Upstream = !parsed.GetValue(NoUpstream),
        Registries = parsed.GetValue(RegistriesYaml) is { } path ? RegistriesFile.Read(root.At(path)) : null,
    };

    private static MirrorSettings? ParseMirror(ArgumentResult result, string text)
    {
        if ((text.StartsWith('{') ? MirrorSettings.FromJson(text) : MirrorSettings.IsUrl(text) ? new MirrorSettings(text) : null) is { } mirror)
        {
            return mirror;
        }

        result.AddError($"--mirror must be an http:// or https:// URL, not \"{text}\"");
        return null;
    }
}
