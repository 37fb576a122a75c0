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
            + "an item may be a mapping: url, ca, client-cert, client-key (host paths), headers, skip-verify, override-path (the path as it is), registries (only for these).",
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

    public static Option<string?> Flavor { get; } = new("--flavor")
    {
        Description = "Kubernetes flavor of this host, whose paths are taken (default: recognised by the host's files).",
        HelpName = "NAME",
    };

    public static Option<string> RootFolder { get; } = new("--host-root")
    {
        Description = "Folder in which the host's file system is mounted; all paths are the host's.",
        HelpName = "DIR",
        DefaultValueFactory = _ => "/",
    };

    public static Option<bool> DryRun { get; } = new("--dry-run")
    {
        Description = "Print what would change as a unified diff (for patch -d / -p1) and change nothing. The registry secret and headers of mirrors are shown as ***.",
    };

    public static Option<Version?> ContainerdVersion { get; } = new("--containerd-version")
    {
        Description = "On k0s, containerd's version, which decides the form of its configuration (default: found in k0s' files).",
        HelpName = "X.Y",
        CustomParser = ParseVersion,
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

    /// <summary>The host to work on.</summary>
    /// <exception cref="UsageException">There is no such folder.</exception>
    public static HostRoot Root(ParseResult parsed)
    {
        var folder = parsed.GetRequiredValue(RootFolder);
        return Directory.Exists(folder) ? new HostRoot(folder) : throw new UsageException($"{RootFolder.Name} {folder}: is no folder");
    }

    private static MirrorSettings? ParseMirror(ArgumentResult result, string text)
    {
        if ((text.StartsWith('{') ? MirrorSettings.FromJson(text) : MirrorSettings.IsUrl(text) ? new MirrorSettings(text) : null) is { } mirror)
        {
            return mirror;
        }

        result.AddError($"--mirror must be an http:// or https:// URL, not \"{text}\"");
        return null;
    }

    private static Version? ParseVersion(ArgumentResult result)
    {
        if (Version.TryParse(result.Tokens[0].Value, out var version))
        {
            return version;
        }

        result.AddError($"{CommonOptions.NameOf(result)} must be a version such as 1.7 or 2.3, not \"{result.Tokens[0].Value}\"");
        return null;
    }
}
