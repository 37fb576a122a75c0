using System.Text.Json;
using Peili.Bench.Results;
using Peili.LocalCluster;
using Peili.LocalCluster.Containerd;
using Peili.Reporting;

namespace Peili.Bench.Herd;

/// <summary>
/// Nodes that want one new image: all at once and two at a time, with agents and without, in turns and in one run. Exit status 0: it measured;
/// 1: it could not; 64: it was told nonsense.
/// </summary>
internal static class HerdCommand
{
    public const string Name = "herd";

    private const int Nodes = 8;
    private const int AtATime = 2;
    private const int Rounds = 3;
    private const int Failure = 1;
    private const int Usage = 64;

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        if (Parse(arguments) is not { } release)
        {
            return Refuse("usage: herd [--containerd 1.6|1.7|2.1]", Usage);
        }

        if (Cluster.WhyNot(release) is { } reason)
        {
            return Refuse(reason, Failure);
        }

        using var interruption = new Interruption();
        try
        {
            await RunAsync(release, new Screen(), interruption.Token);
            return 0;
        }
        catch (Exception) when (interruption.Token.IsCancellationRequested)
        {
            return Refuse("interrupted", Interruption.ExitStatus);
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException or TimeoutException or JsonException)
        {
            return Refuse(exception.Message, Failure);
        }
    }

    private static ContainerdRelease? Parse(IReadOnlyList<string> arguments) => arguments switch
    {
        [] or ["--containerd", "1.6"] => ContainerdRelease.V1_6,
        ["--containerd", "1.7"] => ContainerdRelease.V1_7,
        ["--containerd", "2.1"] => ContainerdRelease.V2_1,
        _ => null,
    };

    private static async Task RunAsync(ContainerdRelease release, Screen screen, CancellationToken cancellationToken)
    {
        var name = NameOf(release);
        var key = release == ContainerdRelease.V1_6 ? "herd" : $"herd.containerd{name}";
        screen.Step($"starting {Nodes} nodes with containerd {name}; links of 1 Gbit/s, upstream of 100 Mbit/s, an image of 4 x 50 MB");
        await using var herd = await HerdCluster.StartAsync(Nodes, release, cancellationToken);
        List<HerdPull> alone = [], together = [];
        for (var round = 0; round < Rounds; round++)
        {
            alone.Add(Show(screen, "one node, without agents", await herd.PullAsync([.. herd.Nodes.Take(1)], withAgents: false, cancellationToken)));
            together.Add(Show(screen, $"{Nodes} nodes at once, with agents", await herd.PullAsync(herd.Nodes, withAgents: true, cancellationToken)));
        }

        var faults = await new HerdFaults(herd, alone.Select(pull => pull.Unpacked.TotalSeconds).Median(), screen).RunAsync(key, cancellationToken);
        var without = Show(screen, $"{Nodes} nodes at once, without agents", await herd.PullAsync(herd.Nodes, withAgents: false, cancellationToken));
        var rolling = await RollAsync(herd, screen, withAgents: true, cancellationToken);
        var rollingWithout = await RollAsync(herd, screen, withAgents: false, cancellationToken);

        var committed = alone.Select(pull => pull.Committed.TotalSeconds).Median();
        IReadOnlyList<Figure> figures =
        [
            new($"{key}.upstream_ratio", "bytes that upstream sent / the image, median", together.Select(pull => pull.UpstreamRatio).Median(), "x", Target.AtMost(1.05)),
            new($"{key}.makespan_ratio", "last commit on the last node / one node alone", together.Select(pull => pull.Committed.TotalSeconds).Median() / committed, "x", Target.AtMost(1.15)),
            new($"{key}.pull_ratio", "the same, unpacked", together.Select(pull => pull.Unpacked.TotalSeconds).Median() / alone.Select(pull => pull.Unpacked.TotalSeconds).Median(), "x", Target.AtMost(1.6)),
            new($"{key}.manifest_requests", "GETs of manifests at upstream, most", together.Max(pull => pull.ManifestRequests), "", Target.AtMost(1)),
            new($"{key}.without.makespan_ratio", "last commit without agents / one node alone", without.Committed.TotalSeconds / committed, "x"),
            new($"{key}.without.upstream_ratio", "bytes that upstream sent without agents / the image", without.UpstreamRatio, "x"),
            new($"{(release == ContainerdRelease.V1_6 ? "rolling" : $"{key}.rolling")}.median_ratio", "two nodes at a time, median pull with agents / without", rolling / rollingWithout, "x"),
            .. faults,
        ];
        FigureTable.Show(screen, figures);
        var file = Checkout.PathOf("artifacts", "bench.json");
        FigureFile.Merge(file, figures);
        var picture = Checkout.PathOf("artifacts", $"herd-{name}.svg");
        await File.WriteAllTextAsync(
            picture, HerdPicture.Draw($"{Nodes} nodes pull one image of 4 x 50 MB at once, containerd {name}", together[^1].Samples, without.Samples, without.ImageBytes), cancellationToken);
        screen.Line($"written to {file} and {picture}");
    }

    private static string NameOf(ContainerdRelease release) => release.ToString()[1..].Replace('_', '.');

    /// <summary>Pulls one image on two nodes at a time, as a rolling update does; the median pull in seconds.</summary>
    private static async Task<double> RollAsync(HerdCluster herd, Screen screen, bool withAgents, CancellationToken cancellationToken)
    {
        var image = await herd.PublishAsync(withAgents, cancellationToken);
        var pulls = new List<double>();
        foreach (var nodes in herd.Nodes.Chunk(AtATime))
        {
            pulls.AddRange((await herd.PullAsync(image, nodes, cancellationToken)).Pulls.Select(pull => pull.TotalSeconds));
        }

        await herd.RemoveAsync(image, cancellationToken);
        screen.Line($"{AtATime} nodes at a time, {(withAgents ? "with" : "without")} agents: median pull {pulls.Median():0.0} s, longest {pulls.Max():0.0} s");
        return pulls.Median();
    }

    private static HerdPull Show(Screen screen, string what, HerdPull pull)
    {
        screen.Line($"{what}: committed after {pull.Committed.TotalSeconds:0.0} s, unpacked after {pull.Unpacked.TotalSeconds:0.0} s, upstream sent {pull.UpstreamRatio:0.00} x");
        return pull;
    }

    private static int Refuse(string message, int status)
    {
        Console.Error.WriteLine($"bench: {message}");
        return status;
    }
}
