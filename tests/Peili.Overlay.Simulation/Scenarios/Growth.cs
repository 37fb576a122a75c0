using System.Globalization;

namespace Peili.Overlay.Simulation.Scenarios;

/// <summary>How the cost grows with the members: one small load at several sizes, lines through the figures, and their values at 50,000.</summary>
internal static class Growth
{
    private const int Digests = 100;
    private const int Asked = 50_000;
    private static readonly int[] Sizes = [1_000, 2_000, 4_000];

    /// <summary>Quiet and churn at three sizes; `n10000`, if it ran before, is a fourth for what quiet costs.</summary>
    public static void Run(Figures figures)
    {
        foreach (var size in Sizes)
        {
            LargeCluster.Run(figures, NameOf(size), 5, size, Digests, TimeSpan.FromSeconds(60), churn: true);
        }

        var quietSizes = figures.Contains("n10000.quiet.bytes_s") ? Sizes.Append(10_000).ToArray() : Sizes;
        var traffic = Line.Through(quietSizes, size => size, size => figures[$"{NameOf(size)}.quiet.bytes_s"]);
        var memory = Line.Through(quietSizes, size => size, size => figures[$"{NameOf(size)}.member.mib"]);
        var processor = Line.Through(quietSizes, size => size, size => figures[$"{NameOf(size)}.quiet.cpu_s"] / 60 / size);
        var churn = Line.Through(Sizes, NewsOf, size => figures[$"{NameOf(size)}.churn.bytes_s"]);
        var sizes = string.Join(", ", quietSizes);
        Add(figures, "quiet.bytes_s", traffic.At(Asked), $"least squares of bytes/s a member over members, {sizes}: {traffic}");
        Add(figures, "member.mib", memory.At(Asked), $"least squares of MiB a simulated member over members, {sizes}: {memory}");
        Add(figures, "simulation.gib", memory.At(Asked) * Asked / 1024, "that times 50,000");
        Add(figures, "simulation.cpu_s", processor.At(Asked) * Asked, $"processor seconds a simulated second; a member's over members, {sizes}: {processor}");
        Add(figures, "churn.bytes_s", churn.At(NewsOf(Asked)),
            $"10 % restarts in a minute; least squares of bytes/s a member over members x transmissions, {string.Join(", ", Sizes)}: {churn}");
        AgentMemory.Run(figures, "n50000", Asked, digests: 800, atMost: null);
    }

    private static string NameOf(int size) => size == 10_000 ? "n10000" : $"growth{size}";

    /// <summary>A piece of news a restart, so often sent by each member (4 log N).</summary>
    private static double NewsOf(int size) => size * 4 * Math.Ceiling(Math.Log10(size + 1));

    private static void Add(Figures figures, string name, double value, string from)
    {
        figures.Add($"n50000.fit.{name}", value);
        figures.Explain($"n50000.fit.{name}.from", from);
    }

    private readonly record struct Line(double Constant, double Slope)
    {
        public static Line Through(int[] sizes, Func<int, double> abscissa, Func<int, double> ordinate)
        {
            var (x, y) = (sizes.Select(abscissa).ToArray(), sizes.Select(ordinate).ToArray());
            var (meanX, meanY) = (x.Average(), y.Average());
            var slope = x.Zip(y, (left, right) => (left - meanX) * (right - meanY)).Sum() / x.Sum(value => (value - meanX) * (value - meanX));
            return new Line(meanY - (slope * meanX), slope);
        }

        public double At(double x) => Constant + (Slope * x);

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Constant:g4} + {Slope:g4} x");
    }
}
