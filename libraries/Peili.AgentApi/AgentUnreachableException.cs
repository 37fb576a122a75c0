namespace Peili.AgentApi;

/// <summary>An agent that was called gave no answer that can be used; the message names it and says why.</summary>
public sealed class AgentUnreachableException : Exception
{
    /// <summary>Makes one.</summary>
    public AgentUnreachableException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
