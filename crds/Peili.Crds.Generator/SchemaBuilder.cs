using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Peili.Crds.Schema;
using Peili.Kubernetes.Models;

namespace Peili.Crds.Generator;

/// <summary>Makes the OpenAPI schema of a record. What it does not know how to bound it refuses.</summary>
/// <param name="legacy">Whether it is for servers that know no rules: formats become patterns then, and the other rules are left to the operator.</param>
internal sealed class SchemaBuilder(bool legacy)
{
    private const int TimeLength = 64;

    /// <summary>The schema of a kind.</summary>
    /// <param name="type">Its record.</param>
    /// <param name="defaults">One whose fields all have their defaults.</param>
    public JsonObject Root(Type type, JsonObject defaults)
    {
        var schema = Record(type, defaults);
        schema["properties"] = new JsonObject([
            new("apiVersion", Described("Group and version: peili.dev/v1alpha1.", "string", ("maxLength", 64))),
            new("kind", Described("The kind.", "string", ("maxLength", 64))),
            new("metadata", new JsonObject { ["type"] = "object" }),
            .. schema["properties"]!.AsObject().Select(property => KeyValuePair.Create(property.Key, property.Value?.DeepClone())),
        ]);
        return schema;
    }

    private static JsonObject Described(string description, string type, params (string Name, JsonNode Value)[] more)
    {
        var schema = new JsonObject { ["description"] = description, ["type"] = type };
        foreach (var (name, value) in more)
        {
            schema[name] = value;
        }

        return schema;
    }

    private JsonObject Record(Type type, JsonObject? defaults)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
        {
            if (property.GetCustomAttribute<JsonIgnoreAttribute>() is not null)
            {
                continue;
            }

            var name = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            properties[name] = Field(property, defaults?[name]);
            if (property.GetCustomAttribute<RequiredMemberAttribute>() is not null)
            {
                required.Add(name);
            }
        }

        var schema = Described(Documentation.Of(type), "object");
        if (required.Count > 0)
        {
            schema["required"] = required;
        }

        schema["properties"] = properties;
        AddRules(schema, type.GetCustomAttributes<RuleAttribute>());
        return schema;
    }

    private JsonObject Field(PropertyInfo property, JsonNode? standard)
    {
        var bounds = new Bounds(property);
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        JsonObject schema;
        if (bounds.ItemType is { } item)
        {
            schema = new JsonObject
            {
                ["type"] = "array",
                ["maxItems"] = bounds.Items.Max,
                ["x-kubernetes-list-type"] = bounds.ListType,
            };
            if (bounds.Items.Keys is { Length: > 0 } keys)
            {
                schema["x-kubernetes-list-map-keys"] = new JsonArray([.. keys.Select(key => JsonValue.Create(key))]);
            }

            schema["items"] = Value(item, bounds, null);
        }
        else if (type == typeof(IReadOnlyDictionary<string, string>))
        {
            schema = new JsonObject { ["type"] = "object", ["maxProperties"] = bounds.MaxProperties, ["additionalProperties"] = Value(typeof(string), bounds, null) };
        }
        else
        {
            schema = Value(type, bounds, standard as JsonObject);
        }

        schema.Remove("description");
        schema.Insert(0, "description", Documentation.Of(property));
        if (Default(standard) is { } value)
        {
            schema["default"] = value;
        }

        AddRules(schema, property.GetCustomAttributes<RuleAttribute>().Where(rule => !rule.OnItems));
        return schema;
    }

    /// <summary>What stands in the field when the user says nothing; nothing where that is empty. In full, for rules are tried on it as it stands.</summary>
    private static JsonNode? Default(JsonNode? standard) => standard switch
    {
        JsonObject map => map.Select(field => KeyValuePair.Create(field.Key, Default(field.Value))).Where(field => field.Value is not null).ToList() is { Count: > 0 } fields
            ? new JsonObject(fields)
            : null,
        JsonArray { Count: 0 } or null => null,
        JsonValue text when text.GetValueKind() == JsonValueKind.String && text.GetValue<string>().Length == 0 => null,
        _ => standard.DeepClone(),
    };

    private JsonObject Value(Type type, Bounds bounds, JsonObject? defaults)
    {
        if (type == typeof(Condition))
        {
            return ConditionSchema.Create();
        }

        if (type.IsEnum)
        {
            return new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. Enum.GetValues(type).Cast<object>().Select(value => JsonSerializer.SerializeToNode(value, type, CrdJson.Default))]) };
        }

        if (type == typeof(bool))
        {
            return new JsonObject { ["type"] = "boolean" };
        }

        if (type == typeof(DateTimeOffset))
        {
            return new JsonObject { ["type"] = "string", ["format"] = "date-time", ["maxLength"] = TimeLength };
        }

        if (type == typeof(string) || bounds.IsNumberAsString)
        {
            return Text(bounds);
        }

        if (type == typeof(int) || type == typeof(long))
        {
            return new JsonObject
            {
                ["type"] = "integer",
                ["format"] = type == typeof(int) ? "int32" : "int64",
                ["minimum"] = bounds.Range.Min,
                ["maximum"] = bounds.Range.Max,
            };
        }

        return type.IsClass && type.Namespace == typeof(RegistryMirror).Namespace
            ? Record(type, defaults)
            : throw new InvalidOperationException($"{bounds}: nothing is known of {type}");
    }

    private JsonObject Text(Bounds bounds)
    {
        if (bounds.Values is { } values)
        {
            return new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. values.Select(value => JsonValue.Create(value))]) };
        }

        var schema = bounds.IsIntOrString
            ? new JsonObject
            {
                ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "integer" }, new JsonObject { ["type"] = "string" }),
                ["x-kubernetes-int-or-string"] = true,
                ["minimum"] = bounds.Range.Min,
                ["maximum"] = bounds.Range.Max,
            }
            : new JsonObject { ["type"] = "string" };
        if (bounds.Length.Min > 0)
        {
            schema["minLength"] = bounds.Length.Min;
        }

        schema["maxLength"] = bounds.Length.Max;

        // The server cannot bound the cost of a rule over what may be a number.
        if (bounds.Pattern is { } format && (legacy || bounds.IsIntOrString))
        {
            schema["pattern"] = format.Pattern;
        }
        else if (bounds.Pattern is { } pattern)
        {
            AddRules(schema, [new RuleAttribute($"self.matches(r'{pattern.Pattern}')", pattern.Message)]);
        }

        AddRules(schema, bounds.ItemRules);
        return schema;
    }

    private void AddRules(JsonObject schema, IEnumerable<RuleAttribute> rules)
    {
        List<JsonNode> added = [.. legacy ? [] : rules.Select(rule => new JsonObject { ["rule"] = rule.Rule, ["message"] = rule.Message })];
        if (added.Count == 0)
        {
            return;
        }

        var all = schema["x-kubernetes-validations"] as JsonArray ?? [];
        schema["x-kubernetes-validations"] = all;
        added.ForEach(all.Add);
    }
}
