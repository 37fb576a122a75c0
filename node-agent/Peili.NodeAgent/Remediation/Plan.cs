namespace Peili.NodeAgent.Remediation;

/// <summary>What <c>remediate</c> would do.</summary>
/// <param name="Wish">What the configuration is to say.</param>
/// <param name="Edits">The files to edit; none where nothing is to be done, or nothing can be.</param>
/// <param name="Refusal">Why it cannot be done here; null when it can.</param>
internal sealed record Plan(Wish Wish, IReadOnlyList<FileEdit> Edits, string? Refusal = null);
