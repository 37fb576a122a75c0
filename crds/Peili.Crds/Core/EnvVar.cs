using Peili.Crds.Schema;

namespace Peili.Crds;

/// <summary>An environment variable; the API reference's EnvVar.</summary>
[Rule("!self.name.startsWith('PEILI_')", Messages.NoPeiliVariables)]
[Rule("!(has(self.value) && self.value != '' && has(self.valueFrom))", Messages.ValueOrSource)]
public sealed record EnvVar
{
    /// <summary>Its name, as in <c>HTTPS_PROXY</c>; at most 256 characters. Names with PEILI_ are the operator's.</summary>
    [Length(256, Min = 1)]
    [Pattern(Patterns.EnvironmentName, Patterns.EnvironmentNameMessage)]
    public required string Name { get; init; }

    /// <summary>Its value; at most 4096 characters. Empty where there is neither this nor valueFrom.</summary>
    [Length(4096)]
    public string? Value { get; init; }

    /// <summary>Where its value is taken from, instead of value.</summary>
    public EnvVarSource? ValueFrom { get; init; }
}
