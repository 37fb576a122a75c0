using Peili.Flavors;

namespace Peili.Operator.Nodes;

/// <summary>Which RegistryMirror has a node.</summary>
/// <param name="Mirror">Its name; null for none.</param>
/// <param name="Flavor">The node's flavor.</param>
/// <param name="Losers">Other RegistryMirrors that select it, all younger.</param>
internal sealed record NodeAssignment(string? Mirror, Flavor Flavor, IReadOnlyList<string> Losers)
{
    /// <summary>Whether an agent can run there.</summary>
    public bool HasAgent => Mirror is not null && Flavor.Verdict != FlavorVerdict.Unsupported;
}
