using Peili.Kubernetes.LeaderElection;
using Peili.Kubernetes.Models;
using Peili.Kubernetes.Tests.Support;

namespace Peili.Kubernetes.Tests.LeaderElection;

/// <summary>Leader election on a real API server.</summary>
public sealed class ServerLeaseTests(SharedControlPlane shared) : ServerTest(shared)
{
    [Fact]
    public async Task One_leads_at_a_time_and_gives_up_at_its_end()
    {
        var first = await LeadAsync("first");
        var lease = (await Client.GetAsync(Lease.ResourceKind, Key("leader"), Cancellation))!;
        lease.Spec.HolderIdentity.ShouldBe("first");
        lease.Spec.LeaseDurationSeconds.ShouldBe(15);
        lease.Spec.RenewTime.ShouldNotBeNull();
        first.End.SetResult();
        (await first.Run).ShouldBeTrue();
        (await Client.GetAsync(Lease.ResourceKind, Key("leader"), Cancellation))!.Spec.HolderIdentity.ShouldBeNullOrEmpty();

        var second = await LeadAsync("second");

        (await Client.GetAsync(Lease.ResourceKind, Key("leader"), Cancellation))!.Spec.LeaseTransitions.ShouldBe(1);
        second.End.SetResult();
        await second.Run;
    }

    private async Task<(TaskCompletionSource End, Task<bool> Run)> LeadAsync(string name)
    {
        var (begin, end) = (new TaskCompletionSource(), new TaskCompletionSource());
        var elector = new LeaderElector(Client, new LeaderElectionOptions { Lease = Key("leader"), Identity = name });
        var run = elector.RunAsync(
            async token =>
            {
                begin.SetResult();
                await end.Task.WaitAsync(token);
            },
            Cancellation);
        await begin.Task.WaitAsync(TimeSpan.FromMinutes(1), Cancellation);
        return (end, run);
    }
}
