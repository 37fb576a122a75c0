using System.Text.Json.Nodes;
using Peili.Crds;
using Peili.Kubernetes.Events;
using Peili.Kubernetes.Models;
using Peili.Kubernetes.Rest;
using Peili.Operator.Agents;
using Peili.Operator.Cluster;
using Peili.Operator.Commands;
using Peili.Operator.Manifests;
using Peili.Operator.Metrics;
using Peili.Operator.Mirrors;
using Peili.Operator.Resources;

namespace Peili.Operator.Installation;

/// <summary>Keeps what all RegistryMirrors have in common: CA, keys, seeds, the agents' service and account, and Pod Security of the namespace.</summary>
internal sealed partial class InstallationController(
    ClusterCache cache,
    ClusterWriter writer,
    AppliedObjects applied,
    AgentReports reports,
    AgentAddresses addresses,
    OperatorCredentials credentials,
    EventRecorder events,
    OperatorOptions options,
    TimeProvider time,
    ILogger<InstallationController> logger)
{
    /// <summary>The one item of its queue.</summary>
    public const string Key = "installation";

    private static readonly TimeSpan s_rotationPeriod = TimeSpan.FromDays(90);
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_betweenLooks = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_whileRotating = TimeSpan.FromSeconds(1);

    /// <summary>Brings everything to where it should be.</summary>
    /// <returns>After what time to look again.</returns>
    public async Task<TimeSpan?> ReconcileAsync(CancellationToken cancellationToken)
    {
        if (await TrustAsync(cancellationToken) is not { } trust)
        {
            return s_whileRotating;
        }

        credentials.Follow(trust);
        var secret = await KeepAgentSecretAsync(trust, cancellationToken);
        await KeepMetricsTokenAsync(cancellationToken);
        if (cache.Mirrors.Items.Count > 0)
        {
            await applied.KeepAsync(Kinds.ServiceAccount, Manifest.Read("serviceaccount.yaml").Named(options.Namespace), cache.ServiceAccounts, cancellationToken);
            await applied.KeepAsync(Kinds.Service, Manifest.Read("service.yaml").Named(options.Namespace), cache.Services, cancellationToken);
            if (cache.Mirrors.Items.Values.Any(mirror => mirror.Spec.Metrics.Mode == MetricsMode.Node))
            {
                await applied.KeepAsync(
                    Kinds.Service, Manifest.Read("metricsservice.yaml").Named(options.Namespace, null, ("app.kubernetes.io/component", "agent-metrics")), cache.Services, cancellationToken);
            }

            await KeepSeedsAsync(cancellationToken);
            await AdmitAgentsAsync(cancellationToken);
        }

        return await RotateAsync(trust, secret, cancellationToken) ? s_whileRotating : s_betweenLooks;
    }

    private async Task<Trust?> TrustAsync(CancellationToken cancellationToken)
    {
        if (cache.Secrets.Items.GetValueOrDefault(new NamespacedName(options.Namespace, Trust.SecretName)) is { } secret)
        {
            return Trust.Read(secret)
                ?? throw new InvalidDataException($"Secret {options.Namespace}/{Trust.SecretName} is not as the operator made it: restore it, or delete it to have a new authority made");
        }

        LogNewAuthority();
        await writer.CreateAsync(Kinds.Secret, SecretOf(Trust.SecretName, Trust.Create(time.GetUtcNow()).ToData()), cancellationToken);

        // The informer brings it back, and with it this item.
        return null;
    }

    private async Task<AgentSecret> KeepAgentSecretAsync(Trust trust, CancellationToken cancellationToken)
    {
        var standing = cache.Secrets.Items.GetValueOrDefault(new NamespacedName(options.Namespace, AgentSecret.SecretName));
        var secret = AgentSecret.Of(trust, standing, time.GetUtcNow());
        await applied.KeepAsync(Kinds.Secret, SecretOf(AgentSecret.SecretName, secret.ToData()), cache.Secrets, cancellationToken);
        return secret;
    }

    /// <summary>A token that is there stays, whoever put it there.</summary>
    private async Task KeepMetricsTokenAsync(CancellationToken cancellationToken)
    {
        if (cache.Secrets.Items.ContainsKey(new NamespacedName(options.Namespace, MetricsToken.SecretName)))
        {
            return;
        }

        try
        {
            await writer.CreateAsync(Kinds.Secret, SecretOf(MetricsToken.SecretName, MetricsToken.Create()), cancellationToken);
        }
        catch (KubernetesException exception) when (exception.IsAlreadyExists)
        {
            LogTokenExists();
        }
    }

    private Task KeepSeedsAsync(CancellationToken cancellationToken)
    {
        var standing = cache.ConfigMaps.Items.GetValueOrDefault(new NamespacedName(options.Namespace, "peili-seeds")) is { } map ? map.Metadata.Annotations?.GetValueOrDefault("peili.dev/seeds") ?? "" : "";
        var candidates = cache.Nodes.Items.Values.Select(node => (node, Address: addresses.Of(node)?.ToString())).Where(node => node.Address is not null);
        var seeds = Seeds.Choose(candidates.Select(candidate => (candidate.node, candidate.Address!)), standing.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var rendered = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["data"] = new JsonObject { ["seeds"] = string.Concat(seeds.Select(seed => seed + "\n")) },
        }.Named(options.Namespace, "peili-seeds");
        rendered["metadata"]!["annotations"] = new JsonObject { ["peili.dev/seeds"] = string.Join(' ', seeds) };
        return applied.KeepAsync(Kinds.ConfigMap, rendered, cache.ConfigMaps, cancellationToken);
    }

    /// <summary>Agents use the host's network and paths, which only the level privileged admits.</summary>
    private async Task AdmitAgentsAsync(CancellationToken cancellationToken)
    {
        if (cache.Mirrors.Items.Values.Any(mirror => mirror.Spec.PodSecurity == PodSecurityMode.Apply && MirrorState.MayChange(mirror))
            && cache.Namespaces.Items.GetValueOrDefault(new NamespacedName(null, options.Namespace)) is { } ours
            && PodSecurity.Labels.Any(label => ours.Metadata.Labels?.GetValueOrDefault(label) != PodSecurity.Privileged))
        {
            var labels = new JsonObject(PodSecurity.Labels.Select(label => KeyValuePair.Create(label, (JsonNode?)PodSecurity.Privileged)));
            await writer.ApplyAsync(
                Kinds.Namespace,
                new JsonObject { ["metadata"] = new JsonObject { ["name"] = options.Namespace, ["uid"] = ours.Metadata.Uid, ["labels"] = labels } },
                cancellationToken);
        }
    }

    /// <summary>Begins a rotation when it is time or asked for, and goes on with one when every agent has loaded what is there.</summary>
    /// <returns>Whether one is going on.</returns>
    private async Task<bool> RotateAsync(Trust trust, AgentSecret secret, CancellationToken cancellationToken)
    {
        var standing = cache.Secrets.Items[new NamespacedName(options.Namespace, Trust.SecretName)];
        var asked = standing.Metadata.Annotations?.GetValueOrDefault(Trust.RotateAnnotation) ?? "";
        var now = time.GetUtcNow();
        if (trust.Step == RotationStep.None && asked == trust.Rotated && now - trust.Since < s_rotationPeriod)
        {
            return false;
        }

        if (Waiting(secret, now) is { Count: > 0 } waiting)
        {
            LogWaiting(trust.Step, waiting[0], waiting.Count);
            return trust.Step != RotationStep.None;
        }

        var next = trust.Advanced(now, asked);
        var written = SecretOf(Trust.SecretName, next.ToData());
        written["metadata"]!["resourceVersion"] = standing.Metadata.ResourceVersion;
        await writer.ApplyAsync(ResourceKinds.Any("", "v1", "secrets", "Secret", isNamespaced: true), written, cancellationToken);
        LogStep(trust.Step, next.Step);
        events.Record(
            Kinds.Secret,
            standing,
            isWarning: false,
            "Rotation",
            "Rotate",
            next.Step switch
            {
                RotationStep.Trust => "A new CA and a new key are made; agents are to believe them",
                RotationStep.Use => "Every agent believes the new CA and knows the new key; they are used from now on",
                _ => "The old CA and the old key are gone",
            });
        return true;
    }

    /// <summary>The nodes whose agents have not loaded the Secret yet. One that does not answer for long reads it when it comes back.</summary>
    private List<string> Waiting(AgentSecret secret, DateTimeOffset now) =>
    [
        .. cache.Nodes.Items.Values.Where(node => addresses.Of(node) is not null).Select(node => node.Name).Where(node => reports.Of(node) switch
        {
            null => true,
            { UnreachableSince: { } since } => now - since < s_patience,
            var report => !secret.IsLoadedBy(report.Reply?.Loaded),
        }),
    ];

    private JsonObject SecretOf(string name, JsonObject data) =>
        new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Secret", ["type"] = "Opaque", ["data"] = data }.Named(options.Namespace, name);

    [LoggerMessage(EventId = 300, Level = LogLevel.Information, Message = "There is no certificate authority yet: making one")]
    private partial void LogNewAuthority();

    [LoggerMessage(EventId = 303, Level = LogLevel.Debug, Message = "The metrics token is there already; the informer will bring it")]
    private partial void LogTokenExists();

    [LoggerMessage(EventId = 301, Level = LogLevel.Information, Message = "Rotation goes from {Before} to {After}")]
    private partial void LogStep(RotationStep before, RotationStep after);

    [LoggerMessage(EventId = 302, Level = LogLevel.Debug, Message = "Rotation waits in step {Step} for {Node} ({Count} in all)")]
    private partial void LogWaiting(RotationStep step, string node, int count);
}
