using Peili.Crds.Schema;

namespace Peili.Crds;

/// <summary>The selected nodes of one flavor and one verdict.</summary>
public sealed record FlavorStatus
{
    /// <summary>The flavor, as in <c>eks-al2023</c>.</summary>
    [Length(63, Min = 1)]
    public required string Name { get; init => field = Bounded.Text(value, 63); }

    /// <summary>How many nodes these are.</summary>
    [Range(0, int.MaxValue)]
    public int Nodes { get; init; }

    /// <summary>What they are to mirroring.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>Why, in one word: the finding that most of them have, or that the platform gives.</summary>
    [Length(64)]
    public string Reason { get; init => field = Bounded.Text(value, 64); } = "";

    /// <summary>Why, for a person.</summary>
    [Length(2048)]
    public string Message { get; init => field = Bounded.Text(value, 2048); } = "";

    /// <summary>What to do about it; empty where nothing is to be done.</summary>
    [Length(4096)]
    public string Remedy { get; init => field = Bounded.Text(value, 4096); } = "";
}
