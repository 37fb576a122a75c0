namespace Peili.NodeAgent.Operations;

/// <summary>The answer of <c>/probe</c>.</summary>
/// <param name="Reached">Whether the probe's request has come to the registry listener.</param>
/// <param name="Allowed">Whether it carried the registry secret, where one is asked for.</param>
internal sealed record ProbeReport(bool Reached, bool Allowed);
