using Peili.Crds.Schema;

namespace Peili.Crds;

/// <summary>Passing on of blobs that a node is still downloading itself.</summary>
public sealed record RelaySpec
{
    private const string DefaultWait = "2s";
    private const string DefaultMinRate = "256Ki";

    /// <summary>"On", the default, or "Off". Write them in quotes: YAML reads them as true and false without.</summary>
    public RelayMode Mode { get; init; }

    /// <summary>How long a pull waits for the first byte from a node that is downloading, before it goes upstream; a duration from 0s to 1m, 2s where it is not said.</summary>
    [Length(16, Min = 1)]
    [Pattern(Patterns.Duration, Patterns.DurationMessage)]
    [Rule("!self.matches(r'" + Patterns.Duration + "') || duration(self) <= duration('1m')", Messages.WaitAtMost)]
    public string Wait { get; init => field = value ?? DefaultWait; } = DefaultWait;

    /// <summary>The bytes a second below which another source is looked for, as in <c>1Mi</c>; 0 for none, 256Ki where it is not said.</summary>
    [Length(16, Min = 1)]
    [Pattern(Patterns.Rate, Patterns.RateMessage)]
    public string MinRate { get; init => field = value ?? DefaultMinRate; } = DefaultMinRate;
}
