namespace Peili.Overlay.Simulation.Scenarios;

/// <summary>Two halves of a cluster that do not hear each other for five minutes, announce and withdraw meanwhile, and meet again.</summary>
internal sealed class HealedPartition : IDisposable
{
    private const int KeysOfEach = 10;
    private const int HoldersOfEach = 3;

    private readonly Simulation simulation;
    private readonly Dictionary<DirectoryKey, HashSet<string>> holders = [];

    private HealedPartition(ulong seed, int members)
    {
        simulation = new Simulation(seed);
        simulation.Network.Loss = 0.01;
        simulation.AddSettled(members);
    }

    public static void Run(Figures figures, string name, ulong seed, int members, TimeSpan duration)
    {
        using var scenario = new HealedPartition(seed, members);
        scenario.Run(figures, name, duration);
    }

    public void Dispose() => simulation.Dispose();

    private void Run(Figures figures, string name, TimeSpan duration)
    {
        var members = simulation.Nodes.Count;
        AnnounceSome(members * KeysOfEach / HoldersOfEach, _ => true);
        simulation.RunFor(TimeSpan.FromSeconds(10));
        simulation.Network.IsCut = static (from, to) => (from ^ to) % 2 != 0;
        simulation.RunFor(duration / 2);
        AnnounceSome(members, node => node.Index % 2 == 0);
        WithdrawSome(members / 10);
        simulation.RunFor(duration / 2);
        simulation.Network.IsCut = null;

        var before = simulation.Nodes.Sum(node => node.BytesSent);
        var busiestSecond = 0.0;
        var agreed = 0.0;
        for (var second = 1; second <= 30; second++)
        {
            var atSecond = simulation.Nodes.Sum(node => node.BytesSent);
            simulation.RunFor(TimeSpan.FromSeconds(1));
            busiestSecond = Math.Max(busiestSecond, (simulation.Nodes.Sum(node => node.BytesSent) - atSecond) / (double)members);
            agreed = Agree() ? agreed : second + 1;
        }

        figures.Add($"{name}.heal.agree_s", Math.Max(1, agreed), 30);
        figures.Add($"{name}.heal.bytes_s", (simulation.Nodes.Sum(node => node.BytesSent) - before) / 30.0 / members, 40_000);
        figures.Add($"{name}.heal.busiest_bytes_s", busiestSecond, 40_000);
        var (missed, stale) = CountWrong();
        figures.Add($"{name}.heal.holders_missed", missed, 0);
        figures.Add($"{name}.heal.stale_holders", stale);
        figures.Add($"{name}.heal.reminders", simulation.Nodes.Sum(node => node.Node!.Core.Reminders) / (double)members);
    }

    private bool Agree() => simulation.Nodes.All(node =>
        node.Node!.Core.View.LiveCount == simulation.Nodes.Count && node.Node.Core.View.Hash == simulation.Nodes[0].Node!.Core.View.Hash);

    private void AnnounceSome(int count, Func<SimulatedNode, bool> isHolder)
    {
        for (var at = 0; at < count; at++)
        {
            var key = new DirectoryKey(simulation.Random.Next(), simulation.Random.Next(), 0, 0);
            holders[key] = [];
            while (holders[key].Count < HoldersOfEach)
            {
                var node = simulation.Nodes[simulation.Random.Below(simulation.Nodes.Count)];
                if (isHolder(node) && holders[key].Add(node.Name))
                {
                    node.Node!.Announce(key);
                }
            }
        }
    }

    private void WithdrawSome(int count)
    {
        foreach (var (key, names) in holders.Take(count))
        {
            var node = simulation.Nodes.First(candidate => names.Contains(candidate.Name));
            node.Node!.Withdraw(key);
            names.Remove(node.Name);
        }
    }

    /// <summary>Looks up every key once, from anywhere: holders that are not in the answer, and such as are no holders any more.</summary>
    private (int Missed, int Stale) CountWrong()
    {
        var (missed, stale) = (0, 0);
        foreach (var (key, names) in holders)
        {
            var asker = simulation.Nodes[simulation.Random.Below(simulation.Nodes.Count)];
            asker.Node!.Lookup(key, result =>
            {
                var found = result.Candidates.Select(candidate => candidate.Name).ToHashSet();
                missed += names.Count(name => name != asker.Name && !found.Contains(name));
                stale += found.Count(name => !names.Contains(name));
            });
            simulation.RunFor(TimeSpan.FromMilliseconds(1));
        }

        simulation.RunFor(TimeSpan.FromSeconds(1));
        return (missed, stale);
    }
}
