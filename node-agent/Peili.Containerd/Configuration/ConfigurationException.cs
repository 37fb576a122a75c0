namespace Peili.Containerd.Configuration;

/// <summary>containerd's configuration cannot be read; the message names the file, and line and column where there is one.</summary>
public sealed class ConfigurationException : Exception
{
    /// <summary>Creates it.</summary>
    public ConfigurationException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
