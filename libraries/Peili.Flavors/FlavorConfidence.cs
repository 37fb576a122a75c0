namespace Peili.Flavors;

/// <summary>What a flavor's file rests on.</summary>
public enum FlavorConfidence
{
    /// <summary>General knowledge, not checked against a source.</summary>
    Unconfirmed,

    /// <summary>The vendor's documentation or issue threads.</summary>
    Documented,

    /// <summary>The flavor's source code was read; that is no trial on a live node.</summary>
    SourceRead,
}
