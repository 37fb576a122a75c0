namespace Peili.Operator.Installation;

/// <summary>How far a rotation of CA and cluster key is.</summary>
internal enum RotationStep
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>Everybody is to believe the new ones, and to use the old ones.</summary>
    Trust,

    /// <summary>Everybody is to use the new ones, and still to believe the old ones.</summary>
    Use,
}
