using System.Globalization;
using Peili.Crds;
using Peili.Flavors;

namespace Peili.Operator.Mirrors;

/// <summary>The command line of an agent.</summary>
internal static class AgentArguments
{
    /// <summary>What <c>serve</c> is told.</summary>
    public static IEnumerable<string> Of(RegistryMirrorSpec spec, Flavor flavor, AgentPaths paths, string inNamespace, bool hasConfiguration)
    {
        yield return "serve";
        if (hasConfiguration)
        {
            yield return "--config=/etc/peili/config/agent.yaml";
        }

        yield return $"--flavor={flavor.Name}";
        yield return $"--containerd-socket={paths.Socket}";
        yield return $"--containerd-config={paths.Config}";
        yield return $"--hosts-dir={paths.Hosts}";
        yield return "--state-path=/var/lib/peili";
        yield return Port("--registry-address=127.0.0.1", spec.Ports.Registry);
        yield return Port("--ops-address=127.0.0.1", spec.Ports.Ops);
        if (spec.Ports.Peer != new PortsSpec().Peer)
        {
            yield return Port("--peer-address=[::]", spec.Ports.Peer);
        }

        yield return "--tls-ca=/etc/peili/tls/ca.crt";
        yield return "--tls-cert=/etc/peili/tls/tls.crt";
        yield return "--tls-key=/etc/peili/tls/tls.key";
        yield return "--cluster-key-file=/etc/peili/tls/keys";
        yield return "--seed-file=/etc/peili/seeds/seeds";
        yield return Port($"--seed=peili-agent.{inNamespace}.svc", spec.Ports.Peer);
        if (spec.Metrics.Mode == MetricsMode.Node)
        {
            yield return Port("--metrics-address=[::]", spec.Ports.Metrics);
            yield return "--metrics-token-file=/etc/peili/metrics/token";
        }

        yield return $"--resolve-tags={spec.ResolveTags}";
        yield return $"--registry-auth={(flavor.RegistryAuth ? "header" : "none")}";
        yield return $"--log-level={spec.Agent.LogLevel}";
        foreach (var registry in spec.Registries)
        {
            yield return $"--registry={registry}";
        }

        foreach (var filter in spec.Filters)
        {
            yield return $"--filter={filter}";
        }

        if (spec.Relay.Mode == RelayMode.Off)
        {
            yield return "--relay=off";
        }

        yield return $"--relay-wait={spec.Relay.Wait}";
        yield return $"--relay-min-rate={spec.Relay.MinRate}";
        if (spec.Uploads.Rate.Length > 0)
        {
            yield return $"--upload-rate={spec.Uploads.Rate}";
        }

        if (spec.Uploads.Concurrent > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"--uploads={spec.Uploads.Concurrent}");
        }

        if (spec.ExistingHosts == ExistingHosts.Replace)
        {
            yield return "--replace-existing";
        }

        if (spec.UpstreamFallback == false)
        {
            yield return "--no-upstream";
        }
    }

    private static string Port(string option, int port) => string.Create(CultureInfo.InvariantCulture, $"{option}:{port}");
}
