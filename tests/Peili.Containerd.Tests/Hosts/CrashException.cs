namespace Peili.Containerd.Tests.Hosts;

/// <summary>The process is dead.</summary>
internal sealed class CrashException : Exception;
