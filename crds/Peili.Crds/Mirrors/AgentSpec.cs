using Peili.Crds.Schema;

namespace Peili.Crds;

/// <summary>The agents' pods.</summary>
public sealed record AgentSpec
{
    /// <summary>The agents' image; that of the operator's release where there is none. At most 512 characters.</summary>
    [Length(512)]
    [Pattern("^$|" + Patterns.ImageReference, Patterns.ImageReferenceMessage)]
    public string Image { get; init => field = value ?? ""; } = "";

    /// <summary>What agents ask for and may use; where it is not said, what the operator's release takes for right (256Mi of memory at most, no limit of processors).</summary>
    public ResourceRequirements Resources { get; init => field = value ?? new ResourceRequirements(); } = new();

    /// <summary>The least severe lines that agents log: Debug, Information (the default), Warning or Error.</summary>
    public AgentLogLevel LogLevel { get; init; }

    /// <summary>More environment variables of the agents, such as HTTPS_PROXY. At most 64.</summary>
    [Items(64, Keys = ["name"])]
    public IReadOnlyList<EnvVar> Env { get; init => field = value ?? []; } = [];
}
