using System.Runtime.InteropServices;
using Peili.Overlay.Core;

namespace Peili.Overlay.Directory;

/// <summary>That an owner has a key, or (for a minute) that it no longer has. 56 bytes.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct TrackedRecord
{
    public DirectoryKey Key;

    /// <summary>The hash of the owner's name.</summary>
    public ulong Owner;
    public ulong Epoch;
    public uint Sequence;

    /// <summary>Second of the tracker's clock at which a withdrawal came, plus one; 0 for a live record.</summary>
    public uint WithdrawnAt;

    public readonly bool IsLive => WithdrawnAt == 0;

    /// <summary>What the record adds to its slot's sum. Presence alone: an announcement told twice is the same record.</summary>
    public readonly ulong Fingerprint => IsLive ? Mix.Of(Key.Second ^ Owner) : 0;

    /// <summary>By epoch, then sequence; a tracker that buries a record gives it no new sequence, so of equal ones the withdrawn wins.</summary>
    public readonly bool IsNewerThan(in TrackedRecord other) =>
        Epoch != other.Epoch ? Epoch > other.Epoch
        : Sequence != other.Sequence ? Sequence > other.Sequence
        : !IsLive && other.IsLive;

    public readonly int CompareTo(DirectoryKey key, ulong owner)
    {
        var order = Key.CompareTo(key);
        return order != 0 ? order : Owner.CompareTo(owner);
    }
}
