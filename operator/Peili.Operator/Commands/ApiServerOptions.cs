using System.CommandLine;
using Peili.Kubernetes.Configuration;

namespace Peili.Operator.Commands;

/// <summary>The options that say which API server is meant; every command that talks to one has them.</summary>
internal static class ApiServerOptions
{
    public static Option<string?> KubeConfig { get; } = new("--kubeconfig")
    {
        Description = "kubeconfig file (default: KUBECONFIG, else ~/.kube/config, else the pod's service account).",
        HelpName = "FILE",
    };

    public static Option<string?> Context { get; } = new("--context")
    {
        Description = "Context of the kubeconfig (default: its current one).",
        HelpName = "NAME",
    };

    /// <summary>The API server that the options name.</summary>
    /// <exception cref="KubeConfigException">There is no such file or context.</exception>
    public static KubernetesClientConfiguration Read(ParseResult parsed) => parsed.GetValue(KubeConfig) is { } file
        ? KubernetesClientConfiguration.Build(Kubernetes.Configuration.KubeConfig.Load(file), parsed.GetValue(Context))
        : KubernetesClientConfiguration.BuildDefaultConfig(parsed.GetValue(Context));
}
