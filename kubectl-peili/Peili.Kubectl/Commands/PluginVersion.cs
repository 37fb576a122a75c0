using System.Reflection;

namespace Peili.Kubectl.Commands;

/// <summary>The version of this program.</summary>
internal static class PluginVersion
{
    /// <summary>Semantic version, with the commit behind a plus sign where the build knew it.</summary>
    public static string Current { get; } =
        typeof(PluginVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";
}
