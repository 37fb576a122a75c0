using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Peili.Operator.Installation;

namespace Peili.Operator.Metrics;

/// <summary>The Secret with the bearer token of every metrics listener. Who scrapes refers to it; whoever puts another token there replaces it.</summary>
internal static class MetricsToken
{
    public const string SecretName = "peili-metrics";
    public const string Key = "token";

    /// <summary>The Secret's data with a new token.</summary>
    public static JsonObject Create() => new() { [Key] = Trust.Base64(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))) };
}
