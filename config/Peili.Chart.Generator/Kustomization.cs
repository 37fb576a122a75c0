using System.Text.Json.Nodes;

namespace Peili.Chart.Generator;

/// <summary>What <c>kubectl kustomize</c> makes of a folder, as far as our kustomizations go; what they do not do yet is refused by name.</summary>
internal static class Kustomization
{
    /// <summary>The objects of a folder with a kustomization.yaml.</summary>
    public static IReadOnlyList<JsonObject> Build(string folder)
    {
        var path = Path.Combine(folder, "kustomization.yaml");
        var objects = new List<JsonObject>();
        var kustomization = YamlReader.Read(path)[0];
        foreach (var (name, value) in kustomization)
        {
            switch (name)
            {
                case "apiVersion" or "kind" or "namespace" or "generatorOptions":
                    break;
                case "resources":
                    objects.AddRange(value!.AsArray().Select(resource => Path.Combine(folder, (string)resource!)).SelectMany(Resources));
                    break;
                case "configMapGenerator":
                    objects.AddRange(value!.AsArray().Select(map => ConfigMap(folder, map!.AsObject(), kustomization)));
                    break;
                default:
                    throw new InvalidDataException($"{path}: the chart's generator does not know {name} yet");
            }
        }

        return objects;
    }

    private static IReadOnlyList<JsonObject> Resources(string path) => Directory.Exists(path) ? Build(path) : YamlReader.Read(path);

    private static JsonObject ConfigMap(string folder, JsonObject map, JsonObject kustomization) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject
        {
            ["name"] = (string)map["name"]!,
            ["namespace"] = (string)kustomization["namespace"]!,
            ["labels"] = kustomization["generatorOptions"]!["labels"]!.DeepClone(),
        },
        ["data"] = new JsonObject(map["files"]!.AsArray().Select(file => KeyValuePair.Create((string)file!, (JsonNode?)File.ReadAllText(Path.Combine(folder, (string)file!))))),
    };
}
