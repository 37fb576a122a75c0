namespace Peili.NodeAgent.Registry;

/// <summary>One entry of <see cref="OciErrors"/>.</summary>
internal sealed record OciError(string Code, string Message);
