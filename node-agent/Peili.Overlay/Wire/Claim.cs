namespace Peili.Overlay.Wire;

/// <summary>What a row of news says; the numbers are on the wire.</summary>
internal enum Claim : byte
{
    /// <summary>It lives, and here is its record.</summary>
    Joined = 0,
    Alive = 1,
    Suspect = 2,
    Dead = 3,
    Left = 4,
}
