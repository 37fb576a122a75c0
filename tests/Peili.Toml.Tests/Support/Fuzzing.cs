using System.Globalization;

namespace Peili.Toml.Tests.Support;

/// <summary>How long the random tests are.</summary>
internal static class Fuzzing
{
    public static int Rounds { get; } =
        int.Parse(Environment.GetEnvironmentVariable("PEILI_FUZZ_ROUNDS") ?? "3000", CultureInfo.InvariantCulture);

    public static int Seed { get; } =
        int.Parse(Environment.GetEnvironmentVariable("PEILI_FUZZ_SEED") ?? "1", CultureInfo.InvariantCulture);
}
