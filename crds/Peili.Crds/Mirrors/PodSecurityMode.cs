namespace Peili.Crds;

/// <summary>What is done about the Pod Security labels of the operator's namespace.</summary>
public enum PodSecurityMode
{
    /// <summary>They are set to what agents need.</summary>
    Apply,

    /// <summary>They are left alone, and reported where agents would not be admitted.</summary>
    Report,
}
