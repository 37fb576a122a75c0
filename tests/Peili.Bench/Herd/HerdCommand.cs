using Peili.LocalCluster;
using Peili.LocalCluster.Containerd;
using Peili.Reporting;

namespace Peili.Bench.Herd;

/// <summary>Eight nodes want one new image at once: with agents, without, and one node alone, in turns.</summary>
internal static class HerdCommand
{
    public const string Name = "herd";

    private const int Nodes = 8;
    private const int Failure = 1;

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var release = arguments is ["--containerd", var version] ? Parse(version) : ContainerdRelease.V1_6;
        if (Cluster.WhyNot(release) is { } reason)
        {
            Console.Error.WriteLine($"bench: {reason}");
            return Failure;
        }

        using var interruption = new Interruption();
        await RunAsync(release, new Screen(), interruption.Token);
        return 0;
    }

    private static ContainerdRelease Parse(string version) => Enum.Parse<ContainerdRelease>($"V{version.Replace('.', '_')}");

    private static async Task RunAsync(ContainerdRelease release, Screen screen, CancellationToken cancellationToken)
    {
        screen.Step($"starting {Nodes} nodes with containerd {release}");
        await using var herd = await HerdCluster.StartAsync(Nodes, release, cancellationToken);
        var rounds = int.Parse(Environment.GetEnvironmentVariable("ROUNDS") ?? "1", System.Globalization.CultureInfo.InvariantCulture);
        for (var round = 0; round < rounds; round++)
        {
            var alone = await herd.PullAsync([.. herd.Nodes.Take(1)], withAgents: false, cancellationToken);
            Show(screen, "one node, without agents", alone);
            var with = await herd.PullAsync(herd.Nodes, withAgents: true, cancellationToken);
            Show(screen, "all nodes, with agents", with);
            herd.WriteLogs($"/tmp/herdlogs{round}");
        }
    }

    private static void Show(Screen screen, string what, HerdPull pull) => screen.Line(
        $"{what}: committed after {pull.Committed.TotalSeconds:0.0} s, unpacked after {pull.Unpacked.TotalSeconds:0.0} s, upstream sent {pull.UpstreamRatio:0.00} x, manifests {pull.ManifestRequests}");
}
