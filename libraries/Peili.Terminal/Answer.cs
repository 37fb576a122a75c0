namespace Peili.Terminal;

/// <summary>What a command found out.</summary>
/// <param name="Json">For programs.</param>
/// <param name="Write">Writes it for people.</param>
/// <param name="Status">The exit status that goes with it.</param>
/// <param name="Started">When the program that answered was started; null when that is not known.</param>
public sealed record Answer(byte[] Json, Action<TextReport> Write, int Status, DateTimeOffset? Started = null);
