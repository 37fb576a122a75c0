namespace Peili.Toml.Parsing;

/// <summary>One part of a dotted key and the offset it stands at.</summary>
internal readonly record struct KeyPart(string Name, int Start);
