using System.Reflection;
using System.Text.Json.Serialization;
using Peili.Crds.Schema;

namespace Peili.Crds.Generator;

/// <summary>The bounds of a field, as its attributes state them; what is asked for and is not there is refused by name.</summary>
internal sealed class Bounds(PropertyInfo property)
{
    public LengthAttribute Length => Get<LengthAttribute>();

    public RangeAttribute Range => Get<RangeAttribute>();

    public ItemsAttribute Items => Get<ItemsAttribute>();

    public int MaxProperties => Get<PropertiesAttribute>().Max;

    public PatternAttribute? Pattern => property.GetCustomAttribute<PatternAttribute>();

    public string[]? Values => property.GetCustomAttribute<OneOfAttribute>()?.Values;

    public IEnumerable<RuleAttribute> ItemRules => property.GetCustomAttributes<RuleAttribute>().Where(rule => rule.OnItems);

    public bool IsIntOrString => property.GetCustomAttribute<IntOrStringAttribute>() is not null;

    public bool IsNumberAsString => property.GetCustomAttribute<JsonNumberHandlingAttribute>() is { Handling: var handling } && handling.HasFlag(JsonNumberHandling.WriteAsString);

    /// <summary>The type of a list's items; null where this is no list.</summary>
    public Type? ItemType => property.PropertyType is { IsGenericType: true } list && list.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)
        ? list.GetGenericArguments()[0]
        : null;

    public string ListType => Items.Keys.Length > 0 ? "map" : Items.Unique ? "set" : "atomic";

    public override string ToString() => $"{property.DeclaringType!.Name}.{property.Name}";

    private T Get<T>()
        where T : Attribute =>
        property.GetCustomAttribute<T>() ?? throw new InvalidOperationException($"{this} has no {typeof(T).Name}: every string, number, list and map must be bounded");
}
