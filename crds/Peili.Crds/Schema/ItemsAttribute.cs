namespace Peili.Crds.Schema;

/// <summary>How many items a list may have, and how appliers share it.</summary>
/// <param name="max">The most items.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ItemsAttribute(int max) : Attribute
{
    public int Max { get; } = max;

    /// <summary>The fields by which items are told apart, which makes it a map.</summary>
    public string[] Keys { get; set; } = [];

    /// <summary>Whether each item may be there once only.</summary>
    public bool Unique { get; set; }
}
