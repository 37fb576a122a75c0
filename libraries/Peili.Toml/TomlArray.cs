using System.Collections;
using Peili.Toml.Parsing;

namespace Peili.Toml;

/// <summary>A list of values.</summary>
public sealed class TomlArray : TomlValue, IReadOnlyList<TomlValue>
{
    private readonly List<TomlValue> _items = [];

    /// <summary>Makes an array to write.</summary>
    /// <param name="items">What is in it.</param>
    public TomlArray(params ReadOnlySpan<TomlValue> items)
        : this(null, 0, false)
        => _items.AddRange(items);

    internal TomlArray(SourceText? source, int start, bool isTables)
        : base(source, start)
        => IsTables = isTables;

    /// <inheritdoc/>
    public override TomlKind Kind => TomlKind.Array;

    /// <inheritdoc/>
    public int Count => _items.Count;

    /// <summary>Whether the array is one of tables under <c>[[headers]]</c>.</summary>
    internal bool IsTables { get; }

    internal override bool IsInOnePlace => !IsTables;

    /// <inheritdoc/>
    public TomlValue this[int index] => _items[index];

    /// <inheritdoc/>
    public IEnumerator<TomlValue> GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal void Add(TomlValue item) => _items.Add(item);

    internal override TomlValue? Child(TomlStep step) => step.Key is null && step.Index < Count ? _items[step.Index] : null;
}
