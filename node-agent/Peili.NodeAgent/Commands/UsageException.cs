namespace Peili.NodeAgent.Commands;

/// <summary>An option is wrong; the message is one line that names it and says what to give instead.</summary>
internal sealed class UsageException(string message) : Exception(message);
