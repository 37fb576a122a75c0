using System.Text.Json;
using Peili.Kubernetes.Models;
using Peili.Kubernetes.Rest;

namespace Peili.Crds.Generator;

/// <summary>The manifests of both kinds.</summary>
internal static class Manifests
{
    private const string Header = "# Made by `make crds` from the records of crds/Peili.Crds; do not edit.\n";

    /// <summary>The text of each file, by its path.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } =
        new[] { false, true }.SelectMany(legacy => new[] { FileOf(CrdKinds.RegistryMirror, legacy), FileOf(CrdKinds.NodeMirrorStatus, legacy) }).ToDictionary();

    /// <summary>The manifest of a kind.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="legacy">Whether it is for servers that know no rules.</param>
    public static Definition Of<T>(ResourceKind<T> kind, bool legacy)
        where T : KubernetesObject, new()
    {
        var defaults = JsonSerializer.SerializeToNode(new T(), kind.TypeInfo)!.AsObject();
        return new Definition(kind.Group, kind.Version, kind.Plural, kind.Kind, typeof(T), new SchemaBuilder(legacy).Root(typeof(T), defaults));
    }

    private static KeyValuePair<string, string> FileOf<T>(ResourceKind<T> kind, bool legacy)
        where T : KubernetesObject, new() =>
        new($"{(legacy ? "legacy/" : "")}{kind.Group}_{kind.Plural}.yaml", Header + Yaml.Write(Of(kind, legacy).ToJson()));
}
