namespace Peili.NodeAgent.Configuration;

/// <summary>How a host of registries.yaml is believed, and how it believes us (<c>configs.HOST.tls</c>).</summary>
internal sealed record RegistryTls(string? CaFile, string? CertFile, string? KeyFile, bool SkipVerify);
