namespace Peili.Containerd.Files;

/// <summary>What inotify is asked for and tells (man 7 inotify), with the kernel's names and values.</summary>
[Flags]
internal enum InotifyMask : uint
{
    None = 0,
    Modify = 0x2,
    CloseWrite = 0x8,
    CloseNoWrite = 0x10,
    MovedFrom = 0x40,
    MovedTo = 0x80,
    Create = 0x100,
    Delete = 0x200,
    DeleteSelf = 0x400,
    MoveSelf = 0x800,

    /// <summary>Some events were lost: there were more than the kernel queues.</summary>
    QueueOverflow = 0x4000,

    /// <summary>The kernel no longer watches the directory, as a rule since it is gone.</summary>
    Ignored = 0x8000,

    OnlyDirectory = 0x1000000,

    /// <summary>All that happens to the names in a directory, and to its own.</summary>
    Names = MovedFrom | MovedTo | Create | Delete | DeleteSelf | MoveSelf,
}
