namespace Peili.Flavors;

/// <summary>Where a flavor's remedy goes.</summary>
public enum RemediationKind
{
    /// <summary>Into no file of the host: a person, or the platform, must do it.</summary>
    None,

    /// <summary>Into the file of containerd's configuration that has the setting now.</summary>
    Config,

    /// <summary>Into a file of ours beside it, which the flavor makes part of the configuration.</summary>
    DropIn,
}
