using Peili.Toml;

namespace Peili.Containerd.Hosts;

/// <summary>A hosts.toml as containerd reads it.</summary>
internal sealed class HostsDocument
{
    private const string HostKey = "host";

    private readonly string _file;
    private readonly string[] _lines;
    private readonly TomlDocument _toml;

    /// <summary>The lines with a table's header, from 1, and whether it is one of a host's.</summary>
    private readonly SortedDictionary<int, bool> _headers = [];

    private HostsDocument(string file, string text, TomlDocument toml)
    {
        _file = file;
        _lines = text.Split('\n');
        _toml = toml;
        foreach (var (key, value) in toml.Root)
        {
            FindHeaders(value, key == HostKey);
        }

        Hosts = FindHosts();
    }

    /// <summary>The hosts, in the order in which containerd tries them: that of their headers.</summary>
    public IReadOnlyList<string> Hosts { get; }

    /// <summary>Whether there is a host table, if only an empty one.</summary>
    public bool HasHostTable => _toml.Root.ContainsKey(HostKey);

    /// <summary>Reads a file's text.</summary>
    /// <exception cref="InvalidDataException">It is not TOML, or has a host that is not written under a header; the message names file and line.</exception>
    public static HostsDocument Parse(string file, string text)
    {
        try
        {
            return new HostsDocument(file, text, TomlDocument.Parse(text, file));
        }
        catch (TomlException exception)
        {
            throw TomlFault.In(file, exception);
        }
    }

    /// <summary>How many characters come before the first line with a table's header; all of them when there is none.</summary>
    public int BeforeFirstHeader(string text) => _headers.Count == 0 ? text.Length : _lines.Take(_headers.Keys.First() - 1).Sum(line => line.Length + 1);

    /// <summary>What a host's table has at a path; null where it has nothing.</summary>
    public TomlValue? Find(string host, params ReadOnlySpan<TomlStep> path) => _toml.Find(HostKey, host)!.Find(path);

    /// <summary>Where a host's table begins, for messages.</summary>
    public string PlaceOf(string host) => Place(_toml.Find(HostKey, host)!.Position);

    /// <summary>The file's text without the tables of some hosts.</summary>
    public string Without(IEnumerable<string> hosts)
    {
        var copy = TomlDocument.Parse(string.Join('\n', _lines), _file);
        foreach (var host in hosts)
        {
            copy.Remove(HostKey, host);
        }

        return copy.ToString();
    }

    /// <summary>The text with every line put out of force, or only those that say how the registry itself is asked.</summary>
    public string Off(bool hostsToo)
    {
        var isHost = false;
        var lines = _lines.Select((line, index) =>
        {
            isHost = _headers.TryGetValue(index + 1, out var header) ? header : isHost;
            return line.AsSpan().Trim().IsEmpty || (isHost && !hostsToo) ? line : HostsText.Off + line;
        });
        return string.Join('\n', lines);
    }

    /// <summary>The hosts whose tables name a capability.</summary>
    public IEnumerable<string> HostsWith(string capability) =>
        Hosts.Where(host => Find(host, "capabilities") is TomlArray list && list.Any(item => item is TomlScalar { Value: string value } && value == capability));

    private IReadOnlyList<string> FindHosts()
    {
        if (!_toml.Root.TryGetValue(HostKey, out var value))
        {
            return [];
        }

        if (value is not TomlTable hosts || IsInline(hosts))
        {
            throw new InvalidDataException($"{Place(value.Position)}: \"host\" must be tables, each under a header such as [host.\"https://mirror.example\"]; containerd 2 sees no others");
        }

        if (hosts.FirstOrDefault(host => host.Value is not TomlTable table || IsInline(table) || !_headers.ContainsKey(table.Position.Line)) is { Value: not null } wrong)
        {
            throw new InvalidDataException($"{Place(wrong.Value.Position)}: write the host under a header, [host.\"{wrong.Key}\"]; containerd 2 sees no others, and containerd 1 tries them in no certain order");
        }

        return [.. hosts.OrderBy(host => host.Value.Position.Line).Select(host => host.Key)];
    }

    private void FindHeaders(TomlValue value, bool isHost)
    {
        if (value is TomlArray array)
        {
            foreach (var item in array)
            {
                FindHeaders(item, isHost);
            }
        }
        else if (value is TomlTable table && !IsInline(table))
        {
            if (_lines[table.Position.Line - 1].AsSpan().TrimStart("\ufeff \t").StartsWith("["))
            {
                _headers[table.Position.Line] = isHost;
            }

            foreach (var item in table.Values)
            {
                FindHeaders(item, isHost);
            }
        }
    }

    /// <summary>Whether a table stands in braces. Its position is then theirs.</summary>
    private bool IsInline(TomlTable table)
    {
        var line = _lines[table.Position.Line - 1].AsSpan().TrimStart('\ufeff');
        var column = 1;
        foreach (var rune in line.EnumerateRunes())
        {
            if (column++ == table.Position.Column)
            {
                return rune.Value == '{';
            }
        }

        return false;
    }

    private string Place(TomlPosition position) => $"{_file}:{position.Line}:{position.Column}";
}
