using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Peili.Toml.Parsing;

namespace Peili.Toml;

/// <summary>Keys with values, in the order in which the document first names them.</summary>
public sealed class TomlTable : TomlValue, IReadOnlyDictionary<string, TomlValue>
{
    private static readonly OrderedDictionary<string, TomlEntry> s_none = [];

    private readonly SourceText? _source;
    private OrderedDictionary<string, TomlEntry> _entries = s_none;

    /// <summary>Makes a table to write.</summary>
    /// <param name="entries">What is in it.</param>
    /// <exception cref="ArgumentException">A key is there twice.</exception>
    public TomlTable(params ReadOnlySpan<(string Key, TomlValue Value)> entries)
        : this(null, 0, TableDefinition.Inline, 0)
    {
        foreach (var (key, value) in entries)
        {
            Add(key, new TomlEntry(value, 0, -1));
        }
    }

    internal TomlTable(SourceText? source, int start, TableDefinition definition, int depth)
        : base(source, start)
    {
        _source = source;
        Definition = definition;
        Depth = depth;
    }

    /// <inheritdoc/>
    public override TomlKind Kind => TomlKind.Table;

    /// <inheritdoc/>
    public int Count => _entries.Count;

    /// <inheritdoc/>
    public IEnumerable<string> Keys => _entries.Keys;

    /// <inheritdoc/>
    public IEnumerable<TomlValue> Values => _entries.Values.Select(entry => entry.Value);

    internal TableDefinition Definition { get; set; }

    /// <summary>The lines under the table's header; null where it has no header.</summary>
    internal Section? Section { get; set; }

    /// <summary>How many tables and arrays this one is in.</summary>
    internal int Depth { get; }

    internal IEnumerable<TomlEntry> Entries => _entries.Values;

    internal override bool IsInOnePlace => Definition == TableDefinition.Inline;

    /// <inheritdoc/>
    public TomlValue this[string key] => _entries[key].Value;

    /// <summary>Where a key is first named; its default where the table does not have it or was not read from a document.</summary>
    /// <param name="key">The key.</param>
    public TomlPosition KeyPosition(string key)
        => TryGetEntry(key, out var entry) ? _source?.PositionOf(entry.KeyStart) ?? default : default;

    /// <inheritdoc/>
    public bool ContainsKey(string key) => _entries.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out TomlValue value)
    {
        var found = _entries.TryGetValue(key, out var entry);
        value = entry.Value;
        return found;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, TomlValue>> GetEnumerator()
        => _entries.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.Value)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal bool TryGetEntry(string key, out TomlEntry entry) => _entries.TryGetValue(key, out entry);

    internal void Add(string key, TomlEntry entry)
    {
        if (ReferenceEquals(_entries, s_none))
        {
            _entries = [];
        }

        _entries.Add(key, entry);
    }

    internal override TomlValue? Child(TomlStep step) => step.Key is { } key && TryGetValue(key, out var value) ? value : null;
}
