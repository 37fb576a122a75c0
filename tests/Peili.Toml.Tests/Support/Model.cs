using System.Text.Json.Nodes;

namespace Peili.Toml.Tests.Support;

/// <summary>What a document says, in a form that can be changed and compared without the code under test.</summary>
internal static class Model
{
    public static JsonNode Of(TomlValue value) => value switch
    {
        TomlTable table => new JsonObject(table.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)Of(pair.Value)))),
        TomlArray array => new JsonArray([.. array.Select(Of)]),
        _ => JsonValue.Create($"{value.Kind} {value.AsObject()}"),
    };

    public static void ShouldSay(this TomlDocument document, JsonNode model)
        => JsonNode.DeepEquals(Of(document.Root), model).ShouldBeTrue($"{document}\n-- says --\n{Of(document.Root)}\n-- should say --\n{model}");

    public static JsonNode At(JsonNode node, ReadOnlySpan<TomlStep> path)
    {
        foreach (var step in path)
        {
            node = step.Key is { } key ? node[key]! : node[step.Index]!;
        }

        return node;
    }

    public static void Set(JsonNode root, TomlStep[] path, TomlValue value)
    {
        var parent = At(root, path.AsSpan()[..^1]);
        if (path[^1].Key is { } key)
        {
            parent[key] = Of(value);
        }
        else if (path[^1].Index < parent.AsArray().Count)
        {
            parent[path[^1].Index] = Of(value);
        }
        else
        {
            parent.AsArray().Add(Of(value));
        }
    }

    public static void Remove(JsonNode root, TomlStep[] path)
    {
        var parent = At(root, path.AsSpan()[..^1]);
        if (path[^1].Key is { } key)
        {
            parent.AsObject().Remove(key);
        }
        else
        {
            parent.AsArray().RemoveAt(path[^1].Index);
        }
    }

    /// <summary>Removes the value at a path, then its parents as long as they are empty.</summary>
    public static void Prune(JsonNode root, TomlStep[] path)
    {
        for (; path.Length > 0; path = path[..^1])
        {
            var node = Find(root, path);
            if (node is JsonObject { Count: 0 } or JsonArray { Count: 0 })
            {
                Remove(root, path);
            }
            else if (node is not null)
            {
                return;
            }
        }
    }

    private static JsonNode? Find(JsonNode? node, TomlStep[] path)
    {
        foreach (var step in path)
        {
            node = node switch
            {
                JsonObject table when step.Key is { } key => table[key],
                JsonArray array when step.Key is null && step.Index < array.Count => array[step.Index],
                _ => null,
            };
        }

        return node;
    }

    /// <summary>The value, floats by their bits; what is not a number has many, which TOML does not tell apart.</summary>
    private static object AsObject(this TomlValue value) => value is TomlScalar { Value: double and not double.NaN and var number }
        ? BitConverter.DoubleToInt64Bits(number)
        : ((TomlScalar)value).Value;
}
