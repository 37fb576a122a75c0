using System.Text.Json.Nodes;
using Peili.Crds;
using Peili.Crds.Generator;
using Peili.Crds.Tests.Support;

namespace Peili.Docs.Tests.Support;

/// <summary>What the API server knows.</summary>
internal static class Resources
{
    // Of Kubernetes' own only those that the pages use.
    private static readonly string[] s_kubernetes = ["pods", "pod", "nodes", "node", "events", "secret", "deployment", "lease", "namespace", "crd"];

    private static readonly Definition[] s_definitions = [Manifests.Of(CrdKinds.RegistryMirror, legacy: false), Manifests.Of(CrdKinds.NodeMirrorStatus, legacy: false)];

    /// <summary>The resources and their category, as kubectl takes them.</summary>
    public static IReadOnlySet<string> Names { get; } = s_definitions
        .SelectMany(definition => (IEnumerable<string>)[definition.Plural, definition.Kind.ToLowerInvariant(), .. Categories(definition)]).Concat(s_kubernetes).ToHashSet(StringComparer.Ordinal);

    /// <summary>The fields of our resources, as spec.relay.mode, without the indexes of lists.</summary>
    public static IReadOnlyDictionary<string, JsonObject> Fields { get; } = s_definitions
        .SelectMany(definition => SchemaWalk.Of(definition.Schema))
        .Where(place => place.Path.StartsWith(".spec", StringComparison.Ordinal) || place.Path.StartsWith(".status", StringComparison.Ordinal))
        .GroupBy(place => Plain(place.Path), StringComparer.Ordinal)
        .ToDictionary(places => places.Key, places => places.First().Schema, StringComparer.Ordinal);

    /// <summary>The columns of NodeMirrorStatus that kubectl shows without <c>-o wide</c>.</summary>
    public static IReadOnlyList<string> NodeColumns { get; } =
    [
        "NAME",
        .. s_definitions[1].ToJson()["spec"]!["versions"]![0]!["additionalPrinterColumns"]!.AsArray()
            .Where(column => column!["priority"] is null).Select(column => column!["name"]!.GetValue<string>().ToUpperInvariant()),
    ];

    /// <summary>Whether a field ends like this.</summary>
    public static bool HasField(string path) => Ending(path).Any();

    /// <summary>Whether such a field takes the value.</summary>
    public static bool Takes(string path, string value) => Ending(path).Any(field => field["enum"] is not JsonArray values || values.Any(one => one!.ToString() == value));

    private static IEnumerable<JsonObject> Ending(string path) => Fields
        .Where(field => field.Key == Plain(path) || field.Key.EndsWith($".{Plain(path)}", StringComparison.Ordinal)).Select(field => field.Value);

    private static IEnumerable<string> Categories(Definition definition) => definition.ToJson()["spec"]!["names"]!["categories"]!.AsArray().Select(name => name!.GetValue<string>());

    private static string Plain(string path) => path.Replace("[]", "", StringComparison.Ordinal).Replace("{}", "", StringComparison.Ordinal).TrimStart('.');
}
