namespace Peili.Flavors;

/// <summary>What to do about one finding on one flavor.</summary>
/// <param name="Finding">The finding.</param>
/// <param name="Text">What to do, in a sentence or two.</param>
/// <param name="Snippet">What to paste, if anything.</param>
public sealed record FlavorStep(Finding Finding, string Text, string? Snippet);
