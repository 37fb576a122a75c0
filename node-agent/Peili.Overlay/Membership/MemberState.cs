namespace Peili.Overlay;

/// <summary>What this node believes of a member (SWIM, section 4; `Left` is ours: a member that said goodbye).</summary>
public enum MemberState
{
    /// <summary>It answers, or nobody has said otherwise.</summary>
    Alive = 0,

    /// <summary>Somebody got no answer from it; it has until the end of the suspicion to say that it lives.</summary>
    Suspect = 1,

    /// <summary>It did not refute the suspicion, or somebody else answers at its address.</summary>
    Dead = 2,

    /// <summary>It left in order.</summary>
    Left = 3,
}
