namespace Peili.Containerd.Configuration;

/// <summary>What containerd goes by.</summary>
/// <param name="Value">The value.</param>
/// <param name="Source">Where it is written; null when nobody wrote it and it is containerd's default.</param>
public readonly record struct Setting<T>(T Value, SettingSource? Source);
