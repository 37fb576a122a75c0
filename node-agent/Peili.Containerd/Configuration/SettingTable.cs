using Peili.Toml;

namespace Peili.Containerd.Configuration;

/// <summary>A table put together from several files; every value in it still knows where it is written.</summary>
internal sealed class SettingTable
{
    private readonly Dictionary<string, object> _entries = new(StringComparer.Ordinal);

    public SettingTable()
    {
    }

    public SettingTable(TomlTable table) => Merge(table);

    public IEnumerable<string> Keys => _entries.Keys;

    /// <summary>Puts another's entries in: tables are merged, anything else is replaced.</summary>
    public void Merge(TomlTable other)
    {
        foreach (var (key, value) in other)
        {
            if (value is not TomlTable table)
            {
                _entries[key] = value;
            }
            else if (_entries.GetValueOrDefault(key) is SettingTable mine)
            {
                mine.Merge(table);
            }
            else
            {
                _entries[key] = new SettingTable(table);
            }
        }
    }

    /// <summary>Puts another's entries in, with the same rules.</summary>
    public void Merge(SettingTable other)
    {
        foreach (var (key, value) in other._entries)
        {
            if (value is SettingTable table && _entries.GetValueOrDefault(key) is SettingTable mine)
            {
                mine.Merge(table);
            }
            else
            {
                _entries[key] = value;
            }
        }
    }

    /// <summary>Puts an entry of another table in, under the same key, in place of what is there; does nothing when the other has none.</summary>
    public void Take(string key, SettingTable? from)
    {
        if (from?._entries.GetValueOrDefault(key) is { } value)
        {
            _entries[key] = value;
        }
    }

    public SettingTable? Table(string key) => _entries.GetValueOrDefault(key) as SettingTable;

    public Setting<string?> Text(string key) =>
        Scalar<string>(key) is { } found ? new(found.Value, found.Source) : default;

    public Setting<bool> Flag(string key, bool otherwise) =>
        Scalar<bool>(key) is { } found ? found : new(otherwise, null);

    public Setting<long> Number(string key, long otherwise) =>
        Scalar<long>(key) is { } found ? found : new(otherwise, null);

    /// <summary>The sub-tables of one key, each with where it begins.</summary>
    public IReadOnlyList<Setting<string>> Names(string key) =>
        Table(key) is { } table ? [.. table.Keys.Select(name => new Setting<string>(name, table.SourceOf(name)))] : [];

    /// <summary>Where an entry is written; of a table, where its first value is.</summary>
    public SettingSource? SourceOf(string key) => _entries.GetValueOrDefault(key) switch
    {
        TomlValue { File: { } file } value => new SettingSource(file, value.Position.Line),
        SettingTable table => table.Keys.Select(table.SourceOf).FirstOrDefault(source => source is not null),
        _ => null,
    };

    private Setting<T>? Scalar<T>(string key) =>
        _entries.GetValueOrDefault(key) is TomlScalar { Value: T value } ? new Setting<T>(value, SourceOf(key)) : null;
}
