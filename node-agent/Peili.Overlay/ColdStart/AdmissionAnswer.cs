namespace Peili.Overlay.ColdStart;

/// <summary>A parent's answer to a child.</summary>
/// <param name="Verdict">Whether it may stream.</param>
/// <param name="Upload">Its place, to be disposed at the end; null unless it was admitted.</param>
/// <param name="Instead">Node names of children to ask instead; only where this one is full.</param>
public readonly record struct AdmissionAnswer(AdmissionVerdict Verdict, Upload? Upload, IReadOnlyList<string> Instead);
