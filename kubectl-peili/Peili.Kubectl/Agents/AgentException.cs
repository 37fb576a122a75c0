namespace Peili.Kubectl.Agents;

/// <summary>An agent could not be asked; the message says which, and why.</summary>
internal sealed class AgentException(string message, Exception? innerException = null) : IOException(message, innerException);
