using Peili.NodeAgent.Membership;

namespace Peili.NodeAgent.Control;

/// <summary>Has the members hear when the status of this node changes, so that the operator need not ask every node all the time.</summary>
internal sealed class ChangeTeller(NodeStatus status, ClusterOverlay overlay, TimeProvider time)
{
    /// <summary>A status that flutters is told of this often at most.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    /// <summary>Compares until <paramref name="cancellationToken"/> fires.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var node = await overlay.WaitForStartAsync(cancellationToken);
        var told = status.ReadEssentials();
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            var now = status.ReadEssentials();
            if (!now.Equals(told))
            {
                told = now;
                node.TellOfChange();
            }
        }
    }
}
