using Peili.Toml;

namespace Peili.Containerd.Hosts;

/// <summary>What is wrong with a TOML file, as people look for it.</summary>
internal static class TomlFault
{
    /// <summary>The error with <c>file:line:column</c> in front.</summary>
    public static InvalidDataException In(string file, TomlException exception) => new(
        $"{file}:{exception.Line}:{exception.Column}: {exception.Reason}", exception);
}
