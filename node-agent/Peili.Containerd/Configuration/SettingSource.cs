namespace Peili.Containerd.Configuration;

/// <summary>Where a setting is written.</summary>
/// <param name="File">The host's path of the file.</param>
/// <param name="Line">The line, from 1.</param>
public readonly record struct SettingSource(string File, int Line)
{
    /// <summary>As compilers and editors write it.</summary>
    public override string ToString() => $"{File}:{Line}";
}
