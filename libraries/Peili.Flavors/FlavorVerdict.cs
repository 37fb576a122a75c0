namespace Peili.Flavors;

/// <summary>What a node of a flavor, as shipped, is to mirroring.</summary>
public enum FlavorVerdict
{
    /// <summary>No recipe: the node's own findings decide.</summary>
    Unknown,

    /// <summary>Nothing has to be changed on the node.</summary>
    Compatible,

    /// <summary>Works after the steps of its flavor.</summary>
    NeedsConfiguration,

    /// <summary>Cannot be a client of the agent.</summary>
    Unsupported,
}
