using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Peili.Operator.Resources;

namespace Peili.Operator.Installation;

/// <summary>What the Secret <c>peili-ca</c> holds: the authority and the cluster key that count, and those that are to come. Never mounted in a pod.</summary>
internal sealed record Trust
{
    /// <summary>The Secret's name.</summary>
    public const string SecretName = "peili-ca";

    /// <summary>The annotation that, when it is set to another value, begins a rotation.</summary>
    public const string RotateAnnotation = "peili.dev/rotate";

    public required Authority Authority { get; init; }

    /// <summary>A key of 256 bits, base64.</summary>
    public required string Key { get; init; }

    /// <summary>The authority to come; null outside a rotation.</summary>
    public Authority? NextAuthority { get; init; }

    /// <summary>The key to come; null outside a rotation.</summary>
    public string? NextKey { get; init; }

    public RotationStep Step { get; init; }

    /// <summary>The value of the annotation that the last rotation was for.</summary>
    public string Rotated { get; init; } = "";

    /// <summary>When the authority was made.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>The authorities to be believed, the one in use first.</summary>
    public IReadOnlyList<Authority> Believed => NextAuthority is null ? [Authority] : Step == RotationStep.Use ? [NextAuthority, Authority] : [Authority, NextAuthority];

    /// <summary>The keys to be known, the one in use first.</summary>
    public IReadOnlyList<string> Keys => NextKey is null ? [Key] : Step == RotationStep.Use ? [NextKey, Key] : [Key, NextKey];

    /// <summary>The authority that issues.</summary>
    public Authority Issuer => Believed[0];

    /// <summary>A new installation's.</summary>
    public static Trust Create(DateTimeOffset now) => new() { Authority = Authority.Create(now), Key = NewKey(), Since = now };

    /// <summary>The next step of a rotation, or the first.</summary>
    public Trust Advanced(DateTimeOffset now, string rotated) => Step switch
    {
        RotationStep.None => this with { NextAuthority = Authority.Create(now), NextKey = NewKey(), Step = RotationStep.Trust, Rotated = rotated },
        RotationStep.Trust => this with { Step = RotationStep.Use },
        _ => this with { Authority = NextAuthority!, Key = NextKey!, NextAuthority = null, NextKey = null, Step = RotationStep.None, Since = now },
    };

    /// <summary>Reads the Secret; null when something is missing in it.</summary>
    public static Trust? Read(Secret secret)
    {
        if (secret.Text("ca.crt") is not { } certificate || secret.Text("ca.key") is not { } key || secret.Text("cluster.key") is not { } clusterKey)
        {
            return null;
        }

        var isRotating = Enum.TryParse<RotationStep>(secret.Text("step"), out var step) && step != RotationStep.None
            && secret.Text("next.crt") is not null && secret.Text("next.key") is not null && secret.Text("next.cluster.key") is not null;
        return new Trust
        {
            Authority = new Authority(certificate, key),
            Key = clusterKey,
            NextAuthority = isRotating ? new Authority(secret.Text("next.crt")!, secret.Text("next.key")!) : null,
            NextKey = isRotating ? secret.Text("next.cluster.key") : null,
            Step = isRotating ? step : RotationStep.None,
            Rotated = secret.Text("rotated") ?? "",
            Since = DateTimeOffset.TryParse(secret.Text("since"), CultureInfo.InvariantCulture, out var since) ? since : DateTimeOffset.UnixEpoch,
        };
    }

    /// <summary>The Secret's data.</summary>
    public JsonObject ToData()
    {
        var data = new JsonObject
        {
            ["ca.crt"] = Base64(Authority.Certificate),
            ["ca.key"] = Base64(Authority.Key),
            ["cluster.key"] = Base64(Key),
            ["step"] = Base64(Step.ToString()),
            ["rotated"] = Base64(Rotated),
            ["since"] = Base64(Since.ToString("O", CultureInfo.InvariantCulture)),
        };
        if (NextAuthority is not null)
        {
            data["next.crt"] = Base64(NextAuthority.Certificate);
            data["next.key"] = Base64(NextAuthority.Key);
            data["next.cluster.key"] = Base64(NextKey!);
        }

        return data;
    }

    internal static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
}
