using System.Text.RegularExpressions;
using Peili.Crds.Schema;

namespace Peili.Crds;

/// <summary>
/// The rules of the CRD once more, for servers that do not know them (Kubernetes before 1.25). Bounds and enumerations are not looked at: every server enforces those.
/// </summary>
public static class RegistryMirrorValidation
{
    private const int MaxName = 40;
    private const int MaxLabelKey = 317;
    private static readonly string[] s_dockerHub = ["index.docker.io", "registry-1.docker.io", "hub.docker.com", "registry.hub.docker.com"];
    private static readonly TimeSpan s_maxWait = TimeSpan.FromMinutes(1);

    /// <summary>What is not as it must be; nothing where all is well.</summary>
    public static IReadOnlyList<ValidationError> Validate(RegistryMirror mirror)
    {
        ArgumentNullException.ThrowIfNull(mirror);
        var check = new FieldCheck();
        check.Holds("metadata.name", mirror.Key.Name.Length <= MaxName && FieldCheck.Matches(Patterns.ShortName, mirror.Key.Name), Messages.Name);
        Check(check, mirror.Spec);
        return check.Errors;
    }

    private static void Check(FieldCheck check, RegistryMirrorSpec spec)
    {
        check.Holds(
            "spec", spec.UpstreamFallback == true || spec.ResolveTags != ResolveTags.Never || spec.AdditionalMirrors.Count > 0, Messages.SomebodyResolves);
        check.Holds(
            "spec", spec.Registries.Count == 0 || spec.AdditionalMirrors.All(mirror => mirror.Registries.All(spec.Registries.Contains)), Messages.RegistriesOfMirrors);
        check.AllMatch("spec.registries", spec.Registries, Patterns.RegistryHost, Patterns.RegistryHostMessage);
        FieldCheck.Each("spec.registries", spec.Registries, (path, host) => check.Holds(path, !s_dockerHub.Contains(host), Messages.DockerHub));
        FieldCheck.Each("spec.filters", spec.Filters, (path, filter) =>
        {
            check.Holds(path, IsFilter(filter), Messages.Filter);
            check.Holds(path, !filter.Contains("[:", StringComparison.Ordinal) && !filter.Contains("-[", StringComparison.Ordinal), Messages.FilterClasses);
        });
        FieldCheck.Each("spec.additionalMirrors", spec.AdditionalMirrors, (path, mirror) => Check(check, path, mirror));
        CheckSelector(check, spec.NodeSelector);
        FieldCheck.Each("spec.tolerations", spec.Tolerations, (path, toleration) => Check(check, path, toleration));
        AgentValidation.Check(check, spec.Agent);
        check.Holds(
            "spec.ports",
            new[] { spec.Ports.Registry, spec.Ports.Peer, spec.Ports.Ops, spec.Ports.Metrics }.Distinct().Count() == 4,
            Messages.FourPorts);
        check.MatchesIfAny("spec.containerd.socketPath", spec.Containerd.SocketPath, Patterns.HostPath, Patterns.HostPathMessage);
        check.MatchesIfAny("spec.containerd.contentPath", spec.Containerd.ContentPath, Patterns.HostPath, Patterns.HostPathMessage);
        check.MatchesIfAny("spec.containerd.hostsPath", spec.Containerd.HostsPath, Patterns.HostPath, Patterns.HostPathMessage);
        check.MatchesIfAny("spec.containerd.configPath", spec.Containerd.ConfigPath, Patterns.HostPath, Patterns.HostPathMessage);
        if (check.Matches("spec.relay.wait", spec.Relay.Wait, Patterns.Duration, Patterns.DurationMessage))
        {
            check.Holds("spec.relay.wait", GoDuration.TryParse(spec.Relay.Wait, out var wait) && wait <= s_maxWait, Messages.WaitAtMost);
        }

        check.Matches("spec.relay.minRate", spec.Relay.MinRate, Patterns.Rate, Patterns.RateMessage);
        check.MatchesIfAny("spec.uploads.rate", spec.Uploads.Rate, Patterns.PositiveRate, Patterns.PositiveRateMessage);
        check.Matches("spec.updateStrategy.maxUnavailable", spec.UpdateStrategy.MaxUnavailable, Patterns.IntOrPercent, Patterns.IntOrPercentMessage);
    }

    private static void Check(FieldCheck check, string path, AdditionalMirror mirror)
    {
        var https = mirror.Url.StartsWith("https://", StringComparison.Ordinal);
        check.Matches($"{path}.url", mirror.Url, Patterns.HttpUrl, Patterns.HttpUrlMessage);
        check.AllMatch($"{path}.registries", mirror.Registries, Patterns.RegistryHost, Patterns.RegistryHostMessage);
        check.Holds(path, https || mirror.CaSecretRef is null, Messages.HttpsWithAuthority);
        check.Holds(path, https || mirror.CredentialsSecretRef is null, Messages.HttpsWithCredentials);
        check.MatchesIfAny($"{path}.caSecretRef.name", mirror.CaSecretRef?.Name, Patterns.ObjectName, Patterns.ObjectNameMessage);
        check.MatchesIfAny($"{path}.headersSecretRef.name", mirror.HeadersSecretRef?.Name, Patterns.ObjectName, Patterns.ObjectNameMessage);
        check.MatchesIfAny($"{path}.credentialsSecretRef.name", mirror.CredentialsSecretRef?.Name, Patterns.ObjectName, Patterns.ObjectNameMessage);
    }

    private static void CheckSelector(FieldCheck check, IReadOnlyDictionary<string, string> selector)
    {
        const string Path = "spec.nodeSelector";
        check.Holds(Path, selector.Keys.All(name => name.Length <= MaxLabelKey && FieldCheck.Matches(Patterns.LabelKey, name)), Patterns.LabelKeyMessage);
        check.Holds(Path, !selector.ContainsKey("peili.dev/mirror") && !selector.ContainsKey("peili.dev/flavor"), Messages.NoOwnLabels);
        check.Holds(Path, selector.GetValueOrDefault("kubernetes.io/os", "linux") == "linux", Messages.LinuxOnly);
        foreach (var (name, value) in selector)
        {
            check.Matches($"{Path}.{name}", value, Patterns.LabelValue, Patterns.LabelValueMessage);
        }
    }

    private static void Check(FieldCheck check, string path, Toleration toleration)
    {
        check.Holds(path, !string.IsNullOrEmpty(toleration.Key) || toleration.Operator == "Exists", Messages.KeyOrExists);
        check.Holds(path, toleration.Operator != "Exists" || string.IsNullOrEmpty(toleration.Value), Messages.NoValueWithExists);
        check.Holds(path, toleration.TolerationSeconds is null || toleration.Effect == "NoExecute", Messages.NoExecuteWithSeconds);
        check.MatchesIfAny($"{path}.value", toleration.Value, Patterns.LabelValue, Patterns.LabelValueMessage);
    }

    private static bool IsFilter(string filter)
    {
        try
        {
            _ = new Regex(filter, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return true;
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }
}
