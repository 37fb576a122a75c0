namespace Peili.Operator.Mirrors;

/// <summary>How far the remediation of a RegistryMirror's nodes is.</summary>
/// <param name="Running">The node that is being remedied; null for none.</param>
/// <param name="Failed">The node whose remediation failed, which stops the series; null for none.</param>
/// <param name="Why">Why it failed.</param>
/// <param name="Waiting">How many nodes are still to come.</param>
internal sealed record RemediationState(string? Running, string? Failed, string Why, int Waiting);
