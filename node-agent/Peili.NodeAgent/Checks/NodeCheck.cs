using Peili.Containerd.Configuration;
using Peili.Flavors;

namespace Peili.NodeAgent.Checks;

/// <summary>Says whether a node's containerd can be a client of the agent, what stands in the way, and what to do about it.</summary>
internal static class NodeCheck
{
    private static readonly Finding[] Unsupported = [Finding.RuntimeNotContainerd, Finding.AgentNotAdmitted, Finding.ContainerdTooOld];

    /// <summary>Looks at everything but a probe.</summary>
    public static CheckReport Run(NodeUnderCheck node)
    {
        var (configuration, findings) = Find(node);
        return Report(node, configuration, findings);
    }

    /// <summary>Puts more findings into a report: the verdict may change.</summary>
    public static CheckReport With(this CheckReport report, NodeUnderCheck node, IEnumerable<NodeFinding> findings)
    {
        IReadOnlyList<NodeFinding> all = Sorted(report.Findings.Concat(findings.Select(finding => WithRemedy(node, finding, configVersion: 0))));
        return report with { Findings = all, Verdict = Verdict(node, all) };
    }

    private static (EffectiveConfiguration? Configuration, IReadOnlyList<NodeFinding> Findings) Find(NodeUnderCheck node)
    {
        if (node.Flavor.Verdict == FlavorVerdict.Unsupported)
        {
            return (null, [.. node.Flavor.Steps.Where(step => Unsupported.Contains(step.Finding)).Select(step =>
                new NodeFinding(step.Finding, FindingSeverity.Error, node.Flavor.Why, null))]);
        }

        var findings = new List<NodeFinding>();
        if (node.Unreachable is { } reason)
        {
            findings.Add(new NodeFinding(Finding.ContainerdUnreachable, FindingSeverity.Error, $"containerd does not answer: {reason}", node.SocketPath));
        }

        findings.AddRange(node.Daemon is { } daemon ? DaemonChecks.Find(node, daemon) : []);
        findings.AddRange(PlatformChecks.Find(node));
        if (node.Release is not { } release)
        {
            return (null, findings);
        }

        if (release < ReleaseNumber.First)
        {
            findings.Add(new NodeFinding(Finding.ContainerdTooOld, FindingSeverity.Error, $"containerd {release} has no config_path; it came with {ReleaseNumber.First}", node.SocketPath));
            return (null, findings);
        }

        try
        {
            var configuration = ConfigurationReader.Read(node.Host, node.ConfigFile, release);
            findings.AddRange(ConfigurationChecks.Find(configuration, node.Daemon?.Running));
            findings.AddRange(HostsChecks.Find(node, configuration));
            findings.AddRange(node.Daemon is null ? [] : DaemonChecks.Edited(node, node.Daemon, configuration));
            return (configuration, findings);
        }
        catch (ConfigurationException exception)
        {
            findings.Add(new NodeFinding(Finding.ConfigurationInvalid, FindingSeverity.Error, exception.Message, node.ConfigFile));
            return (null, findings);
        }
    }

    private static CheckReport Report(NodeUnderCheck node, EffectiveConfiguration? configuration, IReadOnlyList<NodeFinding> findings)
    {
        IReadOnlyList<NodeFinding> sorted = Sorted(findings.Select(finding => WithRemedy(node, finding, configuration?.RootVersion ?? 0)));
        return new CheckReport
        {
            Flavor = node.Flavor.Name,
            FlavorTitle = node.Flavor.Title,
            ContainerdVersion = node.Daemon?.Version ?? node.Release?.ToString(),
            Verdict = Verdict(node, sorted),
            Socket = node.SocketPath,
            ConfigFiles = [.. configuration?.Files.Select(file => file.Path) ?? []],
            ConfigPath = node.Daemon?.Running?.ConfigPath ?? configuration?.Images.ConfigPath.Value ?? string.Empty,
            Findings = sorted,
        };
    }

    private static List<NodeFinding> Sorted(IEnumerable<NodeFinding> findings) => [.. findings.OrderBy(finding => finding.Severity)];

    private static NodeFinding WithRemedy(NodeUnderCheck node, NodeFinding finding, int configVersion) =>
        finding.Severity != FindingSeverity.Information && node.StepFor(finding.Reason) is { } step
            ? finding with { Remedy = step.Text, Snippet = step.SnippetFor(configVersion) }
            : finding;

    private static FlavorVerdict Verdict(NodeUnderCheck node, IReadOnlyList<NodeFinding> findings) =>
        node.Flavor.Verdict == FlavorVerdict.Unsupported || findings.Any(finding => Unsupported.Contains(finding.Reason)) ? FlavorVerdict.Unsupported
        : findings.Any(finding => finding.Reason == Finding.ContainerdUnreachable) || node.Release is null ? FlavorVerdict.Unknown
        : findings.Any(finding => finding.Severity != FindingSeverity.Information) ? FlavorVerdict.NeedsConfiguration
        : FlavorVerdict.Compatible;
}
