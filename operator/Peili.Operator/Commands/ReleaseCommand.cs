using System.CommandLine;
using Peili.Crds;
using Peili.Kubernetes.Rest;
using Peili.Operator.Mirrors;

namespace Peili.Operator.Commands;

/// <summary><c>peili-operator release</c>: what has to be done before the operator goes.</summary>
internal static class ReleaseCommand
{
    private const string DefaultTimeout = "10m";
    private static readonly Option<TimeSpan?> s_timeout = TimeoutOption.Create(DefaultTimeout);

    public static Command Create()
    {
        var command = new Command(
            "release",
            "Delete every RegistryMirror and wait until the running operator has put their nodes back as they were. Do it before you remove the operator; the Helm chart does.")
        {
            ApiServerOptions.KubeConfig, ApiServerOptions.Context, s_timeout,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = new KubernetesClient(ApiServerOptions.Read(parsed));
            await new MirrorRemoval(client, TimeProvider.System, Console.Out).RunAsync(parsed.GetValue(s_timeout) ?? GoDuration.Parse(DefaultTimeout), cancellationToken);
            return 0;
        });
        return command;
    }
}
