using System.CommandLine;
using Peili.Crds;
using Peili.Kubernetes.Rest;

namespace Peili.Operator.Commands;

/// <summary><c>peili-operator wait</c>: until RegistryMirrors can be created. A new definition is not served at once.</summary>
internal static class WaitCommand
{
    private const string DefaultTimeout = "1m";
    private static readonly Option<TimeSpan?> s_timeout = TimeoutOption.Create(DefaultTimeout);
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(500);

    public static Command Create()
    {
        var command = new Command("wait", "Wait until the API server serves RegistryMirrors, after their definition was applied.")
        {
            ApiServerOptions.KubeConfig, ApiServerOptions.Context, s_timeout,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = new KubernetesClient(ApiServerOptions.Read(parsed));
            await RunAsync(client, TimeProvider.System, parsed.GetValue(s_timeout) ?? GoDuration.Parse(DefaultTimeout), cancellationToken);
            Console.WriteLine("RegistryMirrors are served");
            return 0;
        });
        return command;
    }

    /// <summary>Waits.</summary>
    /// <exception cref="TimeoutException">They are not served by then.</exception>
    internal static async Task RunAsync(KubernetesClient client, TimeProvider time, TimeSpan timeout, CancellationToken cancellationToken)
    {
        for (var begun = time.GetTimestamp(); !await AreServedAsync(client, cancellationToken); await Task.Delay(s_interval, time, cancellationToken))
        {
            if (time.GetElapsedTime(begun) > timeout)
            {
                throw new TimeoutException($"RegistryMirrors are not served after {timeout.TotalSeconds:0} s: see kubectl describe crd registrymirrors.{CrdKinds.Group}");
            }
        }
    }

    private static async Task<bool> AreServedAsync(KubernetesClient client, CancellationToken cancellationToken)
    {
        try
        {
            await client.ListAsync(CrdKinds.RegistryMirror, new ListOptions(), cancellationToken);
            return true;
        }
        catch (KubernetesException exception) when (exception.IsNotFound)
        {
            return false;
        }
    }
}
