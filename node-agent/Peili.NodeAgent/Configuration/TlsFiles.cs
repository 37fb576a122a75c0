namespace Peili.NodeAgent.Configuration;

/// <summary>The PEM files of mutual TLS between peers.</summary>
/// <param name="Authorities">The CA certificates that peers are believed under (<c>--tls-ca</c>).</param>
/// <param name="Certificate">This agent's certificate (<c>--tls-cert</c>).</param>
/// <param name="Key">Its key (<c>--tls-key</c>).</param>
internal sealed record TlsFiles(string Authorities, string Certificate, string Key);
