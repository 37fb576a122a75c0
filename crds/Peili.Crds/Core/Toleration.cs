using Peili.Crds.Schema;

namespace Peili.Crds;

/// <summary>A taint that agents put up with; the API reference's Toleration.</summary>
[Rule("(has(self.key) && self.key != '') || (has(self.operator) && self.operator == 'Exists')", Messages.KeyOrExists)]
[Rule("!(has(self.operator) && self.operator == 'Exists') || !has(self.value) || self.value == ''", Messages.NoValueWithExists)]
[Rule("!has(self.tolerationSeconds) || (has(self.effect) && self.effect == 'NoExecute')", Messages.NoExecuteWithSeconds)]
public sealed record Toleration
{
    /// <summary>The taint's key; every key where there is none, and then the operator must be Exists. At most 317 characters.</summary>
    [Length(317)]
    public string? Key { get; init; }

    /// <summary>How the value is compared: Equal, or Exists for every value. Equal where there is none.</summary>
    [OneOf("Exists", "Equal")]
    public string? Operator { get; init; }

    /// <summary>The taint's value; at most 63 characters.</summary>
    [Length(63)]
    [Pattern(Patterns.LabelValue, Patterns.LabelValueMessage)]
    public string? Value { get; init; }

    /// <summary>The taint's effect: NoSchedule, PreferNoSchedule or NoExecute; every effect where there is none.</summary>
    [OneOf("NoSchedule", "PreferNoSchedule", "NoExecute")]
    public string? Effect { get; init; }

    /// <summary>For how many seconds a taint with NoExecute is put up with; for ever where there is none.</summary>
    [Range(0, int.MaxValue)]
    public long? TolerationSeconds { get; init; }
}
