using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Peili.Toml.Tests.Support;

/// <summary>Compares a value with the JSON of toml-test, where each scalar is an object of its type and its value.</summary>
internal static partial class TaggedJson
{
    public static void ShouldSayAs(this TomlValue value, JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Array)
        {
            var items = value.AsArray();
            items.Count.ShouldBe(json.GetArrayLength());
            foreach (var (item, expected) in items.Zip(json.EnumerateArray()))
            {
                item.ShouldSayAs(expected);
            }
        }
        else if (IsTag(json))
        {
            CompareScalar(value, json.GetProperty("type").GetString()!, json.GetProperty("value").GetString()!);
        }
        else
        {
            var table = value.AsTable();
            table.Keys.ShouldBe(json.EnumerateObject().Select(property => property.Name), ignoreOrder: true);
            foreach (var property in json.EnumerateObject())
            {
                table[property.Name].ShouldSayAs(property.Value);
            }
        }
    }

    private static bool IsTag(JsonElement json)
        => json.EnumerateObject().Count() == 2
            && json.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String
            && json.TryGetProperty("value", out var value) && value.ValueKind == JsonValueKind.String;

    private static void CompareScalar(TomlValue value, string type, string expected)
    {
        switch (type)
        {
            case "string":
                value.AsString().ShouldBe(expected);
                break;
            case "integer":
                value.AsInteger().ShouldBe(long.Parse(expected, CultureInfo.InvariantCulture));
                break;
            case "float":
                value.AsFloat().ShouldBe(ParseFloat(expected));
                break;
            case "bool":
                value.AsBoolean().ShouldBe(expected == "true");
                break;
            default:
                NameOf(value.Kind).ShouldBe(type);
                value.AsDateTime().ToString().ShouldBe(SuperfluousZeros().Replace(expected, ""));
                break;
        }
    }

    private static double ParseFloat(string text) => text.TrimStart('+', '-') switch
    {
        "inf" => text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity,
        "nan" => double.NaN,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };

    private static string NameOf(TomlKind kind) => kind switch
    {
        TomlKind.OffsetDateTime => "datetime",
        TomlKind.LocalDateTime => "datetime-local",
        TomlKind.LocalDate => "date-local",
        TomlKind.LocalTime => "time-local",
        _ => kind.ToString(),
    };

    [GeneratedRegex(@"(?<=\.\d*[1-9])0+(?=\D|$)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SuperfluousZeros();
}
