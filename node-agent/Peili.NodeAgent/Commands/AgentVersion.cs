using System.Reflection;

namespace Peili.NodeAgent.Commands;

/// <summary>The version of this program.</summary>
internal static class AgentVersion
{
    /// <summary>Semantic version, with the commit behind a plus sign where the build knew it.</summary>
    public static string Current { get; } =
        typeof(AgentVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";
}
