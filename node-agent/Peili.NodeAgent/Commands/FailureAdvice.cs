namespace Peili.NodeAgent.Commands;

/// <summary>What to do about failures whose own message says only what failed.</summary>
internal static class FailureAdvice
{
    /// <summary>What to add for whoever is not root; empty for root.</summary>
    public static string NotRoot => Environment.IsPrivilegedProcess ? string.Empty : "; run it as root, who alone can read and write here";

    /// <summary>The message, and what to do next where that is known.</summary>
    public static string Of(Exception exception) => exception switch
    {
        UnauthorizedAccessException => exception.Message.TrimEnd('.') + NotRoot,
        IOException when exception.Message.StartsWith("Read-only file system", StringComparison.Ordinal) =>
            $"{exception.Message}; give a folder that can be written (--state-path, --hosts-dir), or mount it so (--host-root says where the node's / is)",
        _ => exception.Message,
    };
}
