namespace Peili.NodeAgent.Configuration;

/// <summary>The files of the metrics listener. With --insecure each may be missing.</summary>
/// <param name="Token">Bearer tokens, one a line (<c>--metrics-token-file</c>).</param>
/// <param name="Certificate">Its certificate, PEM (<c>--metrics-tls-cert</c>); null to talk in the clear.</param>
/// <param name="Key">Its key (<c>--metrics-tls-key</c>).</param>
internal sealed record MetricsFiles(string? Token, string? Certificate, string? Key);
