using Peili.Crds.Schema;

namespace Peili.Crds;

/// <summary>Whether a registry is mirrored on a node.</summary>
public sealed record RegistryStatus
{
    /// <summary>The registry, as in image names; _default for every one without a folder of its own.</summary>
    [Length(260, Min = 1)]
    public required string Host { get; init => field = Bounded.Text(value, 260); }

    /// <summary>Mirrored: containerd asks the agent first. NotMirrored: it does not. Unknown: it could not be told yet.</summary>
    public RegistryState State { get; init; }
}
