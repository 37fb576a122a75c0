namespace Peili.Operator.Page;

/// <summary>How far the agents of one RegistryMirror and flavor are.</summary>
/// <param name="Flavor">The flavor.</param>
/// <param name="Desired">Nodes that should have one.</param>
/// <param name="Updated">Those whose agent is of the newest revision.</param>
/// <param name="Available">Those whose agent serves.</param>
/// <param name="IsDone">Whether all of them are both.</param>
internal sealed record RolloutReport(string Flavor, int Desired, int Updated, int Available, bool IsDone);
