using Peili.Containerd.Cri;
using Peili.Grpc;
using Peili.NodeAgent.Checks;

namespace Peili.NodeAgent.Remediation;

/// <summary>Whether containerd is up and kubelet can use it.</summary>
internal static class DaemonHealth
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);

    /// <summary>Waits until containerd answers, with its CRI plugin loaded and answering.</summary>
    /// <param name="socket">Its socket, as this process finds it.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>What is wrong; null when all is well.</returns>
    public static async Task<string?> WaitAsync(string socket, TimeSpan patience, CancellationToken cancellationToken)
    {
        var deadline = Environment.TickCount64 + (long)patience.TotalMilliseconds;
        while (true)
        {
            var (isFinal, problem) = await AskAsync(socket, cancellationToken);
            if (problem is null || isFinal || Environment.TickCount64 > deadline)
            {
                return problem;
            }

            await Task.Delay(Period, cancellationToken);
        }
    }

    private static async Task<(bool IsFinal, string? Problem)> AskAsync(string socket, CancellationToken cancellationToken)
    {
        try
        {
            var daemon = await DaemonInquiry.AskAsync(socket, cancellationToken);
            if (daemon.CriError is { } error)
            {
                return (true, $"the CRI plugin did not load: {error}");
            }

            if (!daemon.HasCri)
            {
                return (true, "containerd has no CRI plugin");
            }

            // A containerd that just started has the plugin before it answers.
            using var cri = new CriClient(socket);
            await cri.GetSettingsAsync(cancellationToken);
            return (true, null);
        }
        catch (RpcException exception)
        {
            return (false, $"containerd does not answer: {exception.Message}");
        }
    }
}
