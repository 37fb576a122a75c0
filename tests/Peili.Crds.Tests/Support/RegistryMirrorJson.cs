using System.Text.Json;
using System.Text.Json.Nodes;
using Peili.Kubernetes.Models;

namespace Peili.Crds.Tests.Support;

/// <summary>A RegistryMirror as a user writes it.</summary>
/// <param name="Json">Its fields; the name may be missing.</param>
public sealed record RegistryMirrorJson(string Json)
{
    /// <summary>One with this spec.</summary>
    public static RegistryMirrorJson WithSpec(string spec) => new($$"""{"spec":{{spec}}}""");

    /// <summary>For servers.</summary>
    public KubernetesObject ToObject() => Named().Deserialize<KubernetesObject>(JsonSerializerOptions.Web)!;

    /// <summary>As the operator reads it.</summary>
    public RegistryMirror ToRecord() => Named().Deserialize(CrdJson.Default.RegistryMirror)!;

    private JsonObject Named()
    {
        var json = JsonNode.Parse(Json)!.AsObject();
        json["metadata"] ??= new JsonObject { ["name"] = $"test-{Guid.NewGuid():N}"[..20] };
        return json;
    }
}
