namespace Peili.Pages;

/// <summary>A file of a page.</summary>
/// <param name="Content">Its bytes. Not to be changed.</param>
/// <param name="ContentType">As the header says it.</param>
/// <param name="Tag">Its entity tag (RFC 9110, section 8.8.3), quoted: another program version has another.</param>
public sealed record PageFile(byte[] Content, string ContentType, string Tag);
