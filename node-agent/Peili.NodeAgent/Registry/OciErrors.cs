namespace Peili.NodeAgent.Registry;

/// <summary>The error document of the OCI distribution specification.</summary>
internal sealed record OciErrors(IReadOnlyList<OciError> Errors);
