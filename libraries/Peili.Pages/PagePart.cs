namespace Peili.Pages;

/// <summary>One part of what a page shows live.</summary>
/// <param name="Name">The event's name, as the page's script listens for it.</param>
/// <param name="Json">The part as JSON, on one line. Not to be changed.</param>
public sealed record PagePart(string Name, byte[] Json);
