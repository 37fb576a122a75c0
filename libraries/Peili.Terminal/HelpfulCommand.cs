using System.CommandLine;
using System.Diagnostics.CodeAnalysis;

namespace Peili.Terminal;

/// <summary>A command whose help has examples.</summary>
/// <param name="name">Its name.</param>
/// <param name="description">What it does.</param>
/// <param name="examples">Lines to type, with comments where they help.</param>
[SuppressMessage("Design", "CA1010", Justification = "System.CommandLine's own commands are such collections.")]
public sealed class HelpfulCommand(string name, string description, string examples) : Command(name, description)
{
    /// <summary>Lines to type.</summary>
    public string Examples => examples;
}
