namespace Peili.Hosting;

/// <summary>A warning or an error that was logged.</summary>
/// <param name="Level">warning, error or critical.</param>
/// <param name="Component">Who logged it.</param>
/// <param name="Message">What it says, and of an exception its type and message.</param>
/// <param name="First">When it was logged first.</param>
/// <param name="Last">When it was logged last.</param>
/// <param name="Count">How often.</param>
public sealed record Problem(string Level, string Component, string Message, DateTimeOffset First, DateTimeOffset Last, long Count);
