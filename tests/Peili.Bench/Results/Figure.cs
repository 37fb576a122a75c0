namespace Peili.Bench.Results;

/// <summary>One number that was measured.</summary>
/// <param name="Key">Its name in bench.json.</param>
/// <param name="What">What it is of, in a few words.</param>
/// <param name="Value">The number.</param>
/// <param name="Unit">Its unit; x for a ratio.</param>
/// <param name="Target">What it should be; null where it is for information.</param>
internal sealed record Figure(string Key, string What, double Value, string Unit, Target? Target = null);
