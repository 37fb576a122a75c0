using System.CommandLine;
using Peili.Crds;
using Peili.Kubectl.Api;
using Peili.Kubernetes.Configuration;
using Peili.Kubernetes.Rest;

namespace Peili.Kubectl.Commands;

/// <summary>The options that every command has, named and meant as kubectl's are.</summary>
internal static class ClusterOptions
{
    private static readonly Option<string?> s_kubeConfig = new("--kubeconfig")
    {
        Description = "kubeconfig file (default: KUBECONFIG, else ~/.kube/config).",
        HelpName = "FILE",
        Recursive = true,
    };

    private static readonly Option<string?> s_context = new("--context")
    {
        Description = "Context of the kubeconfig (default: its current one).",
        HelpName = "NAME",
        Recursive = true,
    };

    private static readonly Option<string> s_namespace = new("--namespace", "-n")
    {
        Description = "Namespace of the installation.",
        HelpName = "NAME",
        Recursive = true,
        DefaultValueFactory = _ => "peili-system",
    };

    private static readonly Option<TimeSpan> s_timeout = new("--request-timeout")
    {
        Description = "How long to wait for the answer to a single request, as in 5s or 1m; 0 for the default of 30s.",
        HelpName = "DURATION",
        Recursive = true,
        CustomParser = result =>
        {
            if (GoDuration.TryParse(result.Tokens[0].Value, out var duration))
            {
                return duration;
            }

            result.AddError($"--request-timeout must be a duration of numbers with ms, s, m or h, such as 5s or 1m30s, not \"{result.Tokens[0].Value}\"");
            return default;
        },
    };

    static ClusterOptions() => s_context.CompletionSources.Add(context => Completion.Of(() => ContextNames(context.ParseResult.GetValue(s_kubeConfig))));

    public static IReadOnlyList<Option> All { get; } = [s_kubeConfig, s_context, s_namespace, s_timeout];

    /// <summary>The installation that the options name. Nothing is asked yet.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="longest">A bound of requests that is tighter than the one that the options name; null for none.</param>
    /// <exception cref="KubeConfigException">The kubeconfig or its context is missing or wrong.</exception>
    public static Installation Connect(ParseResult parsed, TimeSpan? longest = null)
    {
        var (file, context, timeout) = (parsed.GetValue(s_kubeConfig), parsed.GetValue(s_context), parsed.GetValue(s_timeout));
        var configuration = file is null
            ? KubernetesClientConfiguration.BuildDefaultConfig(context)
            : KubernetesClientConfiguration.Build(KubeConfig.Load(file), context);
        var options = new KubernetesClientOptions { UserAgent = $"kubectl-peili/{PluginVersion.Current}" };
        timeout = timeout > TimeSpan.Zero ? timeout : options.Timeout;
        return new Installation(
            new KubernetesClient(configuration, options with { Timeout = longest < timeout ? longest.Value : timeout }),
            configuration.Cluster.Server,
            parsed.GetRequiredValue(s_namespace),
            [.. file is null ? [] : new[] { "--kubeconfig", file }, .. context is null ? [] : new[] { "--context", context }]);
    }

    private static IEnumerable<string> ContextNames(string? file) => (file is null ? KubeConfig.LoadDefault() : KubeConfig.Load(file))?.ContextNames ?? [];
}
