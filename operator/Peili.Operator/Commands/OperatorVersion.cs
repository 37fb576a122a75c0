using System.Reflection;

namespace Peili.Operator.Commands;

/// <summary>The version of this program.</summary>
internal static class OperatorVersion
{
    public static string Current { get; } =
        typeof(OperatorVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";
}
