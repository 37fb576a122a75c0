using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Peili.Kubernetes.Models;
using Peili.Kubernetes.Rest;

namespace Peili.Operator.Cluster;

/// <summary>Statuses as they are written: texts that are empty are left out, which some API servers take for null.</summary>
internal static class StatusJson
{
    /// <summary>Whether two statuses come to the same.</summary>
    public static bool Same<TStatus>(TStatus one, TStatus other, JsonTypeInfo<TStatus> type) =>
        JsonSerializer.SerializeToUtf8Bytes(one, type).AsSpan().SequenceEqual(JsonSerializer.SerializeToUtf8Bytes(other, type));

    /// <summary>Applies the status of an object, and nothing else of it: what its record would write by default is others'.</summary>
    /// <exception cref="KubernetesException">The server refused it, or did not answer.</exception>
    public static Task ApplyStatusAsync<T, TStatus>(
        this ClusterWriter writer, ResourceKind<T> kind, string name, TStatus status, JsonTypeInfo<TStatus> type, CancellationToken cancellationToken)
        where T : KubernetesObject
    {
        var json = JsonSerializer.SerializeToNode(status, type)!;
        Prune(json);
        return writer.ApplyAsync(
            ResourceKinds.Any(kind.Group, kind.Version, kind.Plural, kind.Kind, kind.IsNamespaced),
            new JsonObject { ["metadata"] = new JsonObject { ["name"] = name }, ["status"] = json },
            cancellationToken,
            subresource: "status");
    }

    private static void Prune(JsonNode node)
    {
        if (node is JsonArray items)
        {
            foreach (var item in items)
            {
                Prune(item!);
            }
        }
        else if (node is JsonObject fields)
        {
            foreach (var (name, value) in fields.ToArray())
            {
                if (value is JsonValue text && text.GetValueKind() == JsonValueKind.String && text.GetValue<string>().Length == 0)
                {
                    fields.Remove(name);
                }
                else if (value is not null)
                {
                    Prune(value);
                }
            }
        }
    }
}
