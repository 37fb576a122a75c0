namespace Peili.Overlay.Security;

/// <summary>What a session's key is derived from: who, and which start of it. The name is UTF-8.</summary>
internal readonly ref struct SessionIdentity(BootId bootId, ReadOnlySpan<byte> name)
{
    public BootId BootId { get; } = bootId;

    public ReadOnlySpan<byte> Name { get; } = name;
}
