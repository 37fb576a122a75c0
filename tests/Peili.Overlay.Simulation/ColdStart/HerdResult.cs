namespace Peili.Overlay.Simulation.ColdStart;

/// <summary>What came of a simulated cold start.</summary>
/// <param name="Makespan">Seconds until the last node that lives had the blob.</param>
/// <param name="UpstreamRatio">What upstream sent, as a multiple of the blob.</param>
/// <param name="Unfinished">Nodes that live and never got it.</param>
internal sealed record HerdResult(double Makespan, double UpstreamRatio, int Unfinished);
