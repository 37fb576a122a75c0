using System.Text.Json.Nodes;

namespace Peili.Toml.Tests.Support;

/// <summary>Edits anywhere in a document, each checked against the same change of a model.</summary>
internal sealed class RandomEdits(Random random)
{
    private readonly RandomValues _values = new(random);

    public void Apply(TomlDocument document)
    {
        var paths = PathsOf(document.Root, []).ToList();
        var path = paths[random.Next(paths.Count)];
        switch (random.Next(4))
        {
            case 0:
                Set(document, path);
                break;
            case 1:
                Add(document, path);
                break;
            case 2:
                InsertBefore(document, path);
                break;
            default:
                Remove(document, path);
                break;
        }
    }

    private static IEnumerable<TomlStep[]> PathsOf(TomlValue value, TomlStep[] path)
        => (value switch
        {
            TomlTable table => table.SelectMany(pair => PathsOf(pair.Value, [.. path, pair.Key])),
            TomlArray array => array.SelectMany((item, index) => PathsOf(item, [.. path, index])),
            _ => [],
        }).Prepend(path);

    private void Set(TomlDocument document, TomlStep[] path)
    {
        if (document.Find(path)!.IsInOnePlace)
        {
            Check(document, path, _values.Next());
        }
        else
        {
            Should.Throw<InvalidOperationException>(() => document.Set(path, 1));
        }
    }

    private void Add(TomlDocument document, TomlStep[] path)
    {
        var (before, value) = (document.ToString(), _values.Next());
        switch (document.Find(path))
        {
            case TomlTable table when _values.Text() is var key && !table.ContainsKey(key):
                Check(document, [.. path, key], value);
                break;
            case TomlArray array:
                Check(document, [.. path, array.Count], array is [TomlTable { IsInOnePlace: false }, ..] ? _values.Table(2) : value);
                break;
            default:
                return;
        }

        ShouldBeWithin(before, document.ToString());
    }

    private void InsertBefore(TomlDocument document, TomlStep[] path)
    {
        var (before, model, key) = (document.ToString(), Model.Of(document.Root), _values.Text());
        var parent = path.Length == 0 ? null : document.Find(path.AsSpan()[..^1]) as TomlTable;
        var value = _values.Table(2);
        try
        {
            document.InsertBefore(path, key, value);
        }
        catch (InvalidOperationException)
        {
            document.ToString().ShouldBe(before);
            return;
        }

        Model.Set(model, [.. path[..^1], key], value);
        document.ShouldSay(model);
        ShouldBeWithin(before, document.ToString());
        parent!.ContainsKey(key).ShouldBeFalse();
        List<string> keys = [.. document.Find(path.AsSpan()[..^1])!.AsTable().Keys];
        keys.IndexOf(key).ShouldBe(keys.IndexOf(path[^1].Key!) - 1);
    }

    private static void Remove(TomlDocument document, TomlStep[] path)
    {
        if (path.Length == 0)
        {
            return;
        }

        var (before, model) = (document.ToString(), Model.Of(document.Root));
        Model.Remove(model, path);

        document.Remove(path).ShouldBeTrue();

        var after = Model.Of(document.Root);
        Model.Prune(model, path);
        Model.Prune(after, path);
        JsonNode.DeepEquals(after, model).ShouldBeTrue($"{before}\n-- without {string.Join('.', path)} --\n{document}");
        ShouldBeWithin(document.ToString(), before);
    }

    private static void Check(TomlDocument document, TomlStep[] path, TomlValue value)
    {
        var model = Model.Of(document.Root);
        Model.Set(model, path, value);

        document.Set(path, value);

        document.ShouldSay(model);
    }

    /// <summary>Every character of the shorter text is in the longer one, in order: nothing else was touched.</summary>
    private static void ShouldBeWithin(string shorter, string longer)
    {
        var at = 0;
        foreach (var character in longer)
        {
            at += at < shorter.Length && shorter[at] == character ? 1 : 0;
        }

        at.ShouldBe(shorter.Length, $"{shorter}\n-- is not within --\n{longer}");
    }
}
