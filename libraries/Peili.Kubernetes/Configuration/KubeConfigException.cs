namespace Peili.Kubernetes.Configuration;

/// <summary>A configuration that cannot be used. The message names the file and the field, and says what it must be.</summary>
public sealed class KubeConfigException : Exception
{
    /// <summary>Makes one.</summary>
    public KubeConfigException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
