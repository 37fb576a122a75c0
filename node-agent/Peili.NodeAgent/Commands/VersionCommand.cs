using System.CommandLine;

namespace Peili.NodeAgent.Commands;

/// <summary><c>peili-agent version</c>.</summary>
internal static class VersionCommand
{
    public static Command Create()
    {
        var command = new Command("version", "Print the version and exit.");
        command.SetAction(_ => Console.WriteLine(AgentVersion.Current));
        return command;
    }
}
