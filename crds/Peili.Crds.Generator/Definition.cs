using System.Reflection;
using System.Text.Json.Nodes;
using Peili.Crds.Schema;

namespace Peili.Crds.Generator;

/// <summary>A CustomResourceDefinition.</summary>
internal sealed record Definition(string Group, string Version, string Plural, string Kind, Type Type, JsonObject Schema)
{
    private const string Category = "peili";

    public JsonObject ToJson() => new()
    {
        ["apiVersion"] = "apiextensions.k8s.io/v1",
        ["kind"] = "CustomResourceDefinition",
        ["metadata"] = new JsonObject { ["name"] = $"{Plural}.{Group}" },
        ["spec"] = new JsonObject
        {
            ["group"] = Group,
            ["names"] = new JsonObject
            {
                ["categories"] = new JsonArray(Category),
                ["kind"] = Kind,
                ["listKind"] = $"{Kind}List",
                ["plural"] = Plural,
                ["shortNames"] = new JsonArray(Type.GetCustomAttribute<ShortNameAttribute>()!.Name),
                ["singular"] = Kind.ToLowerInvariant(),
            },
            ["scope"] = "Cluster",
            ["versions"] = new JsonArray(new JsonObject
            {
                ["name"] = Version,
                ["served"] = true,
                ["storage"] = true,
                ["subresources"] = new JsonObject { ["status"] = new JsonObject() },
                ["additionalPrinterColumns"] = new JsonArray([.. Type.GetCustomAttributes<PrinterColumnAttribute>().Select(Column)]),
                ["schema"] = new JsonObject { ["openAPIV3Schema"] = Schema.DeepClone() },
            }),
        },
    };

    private static JsonObject Column(PrinterColumnAttribute column)
    {
        var json = new JsonObject
        {
            ["name"] = column.Name,
            ["type"] = column.Type,
            ["description"] = column.Description,
            ["jsonPath"] = column.JsonPath,
        };
        if (column.Wide)
        {
            json["priority"] = 1;
        }

        return json;
    }
}
