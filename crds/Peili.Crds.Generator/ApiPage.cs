using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Peili.Crds.Schema;
using Peili.Kubernetes.Models;
using Peili.Kubernetes.Rest;

namespace Peili.Crds.Generator;

/// <summary>docs/api.md: every field of both kinds.</summary>
internal static partial class ApiPage
{
    private const string Head = """
        <!-- Made by `make crds` from the records of crds/Peili.Crds; do not edit. -->
        # API reference

        Two resources of the whole cluster, in `peili.dev/v1alpha1`; `kubectl get peili` lists both. You write [RegistryMirrors](#registrymirror); the operator writes a [NodeMirrorStatus](#nodemirrorstatus) for each node.
        `kubectl explain registrymirror.spec` says the same as this page.

        The server refuses what breaks a rule ("must ..."). Before Kubernetes 1.25 it knows no rules: how texts are written it refuses all the same, and what is wrong otherwise the condition `Ready` says.
        Where a field has a default, leaving it out and writing the default are the same.

        """;

    /// <summary>The page.</summary>
    public static string Text { get; } = string.Join('\n', [
        Head,
        .. Kind(CrdKinds.RegistryMirror, "An empty spec means this:", new RegistryMirror { Metadata = new ObjectMeta { Name = "default" } }),
        .. Kind(CrdKinds.NodeMirrorStatus, "For example:", Example()),
        "",
    ]);

    private static IEnumerable<string> Kind<T>(ResourceKind<T> kind, string introduction, T example)
        where T : KubernetesObject, new()
    {
        var definition = Manifests.Of(kind, legacy: false);
        var fields = JsonSerializer.SerializeToNode(example, kind.TypeInfo)!.AsObject();
        var yaml = Yaml.Write(new JsonObject([
            new("apiVersion", kind.ApiVersion), new("kind", kind.Kind), new("metadata", fields["metadata"]!.DeepClone()),
            .. fields.Where(field => field.Key is "spec" or "status").Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone())),
        ])).TrimEnd('\n').Split('\n');
        return
        [
            $"## {kind.Kind}", "", $"{definition.Schema["description"]} Short name: `{definition.Type.GetCustomAttribute<ShortNameAttribute>()!.Name}`.", "",
            .. Rules(definition.Schema),
            introduction, "", "```yaml", .. yaml, "```", "",
            "`kubectl get` shows these columns, those in brackets with `-o wide`:", "",
            "| column | what it is |", "|---|---|", .. definition.Type.GetCustomAttributes<PrinterColumnAttribute>().Select(Column), "",
            .. definition.Schema["properties"]!.AsObject().Where(field => field.Key is "spec" or "status").SelectMany(field => Record(kind.Kind, field.Key, field.Value!.AsObject())),
        ];
    }

    private static string Column(PrinterColumnAttribute column) =>
        $"| {(column.Wide ? $"({column.Name.ToUpperInvariant()})" : column.Name.ToUpperInvariant())} | {column.Description} |";

    /// <summary>A record, and then those below it.</summary>
    private static IEnumerable<string> Record(string kind, string path, JsonObject record)
    {
        var fields = record["properties"]!.AsObject().Select(field => (Name: field.Key, Schema: field.Value!.AsObject())).ToList();
        var required = (record["required"] as JsonArray ?? []).Select(name => (string)name!).ToHashSet(StringComparer.Ordinal);
        return
        [
            $"### {kind} {path}", "", (string)record["description"]!, "",
            .. Rules(record),
            "| field | type | default | what it is |", "|---|---|---|---|", .. fields.Select(field => Row(kind, path, field.Name, field.Schema, required.Contains(field.Name))), "",
            .. fields.SelectMany(field => Below(field.Schema) is { } deeper ? Record(kind, PathBelow(path, field.Name, field.Schema), deeper) : []),
        ];
    }

    private static string Row(string kind, string path, string name, JsonObject field, bool isRequired)
    {
        var isRecord = field["properties"] is not null;
        var link = Below(field) is null ? "" : $", [below](#{Anchor($"{kind} {PathBelow(path, name, field)}")})";

        // A record's defaults are those of its fields, and its rules stand with it.
        var standard = isRequired ? "required" : !isRecord && field["default"] is { } value ? $"`{value.ToJsonString()}`" : "";
        var rules = isRecord ? [] : FieldText.RulesOf(field).Select(rule => $"<br>{rule}");
        return $"| `{name}` | {Cell(FieldText.TypeOf(field))}{link} | {Cell(standard)} | {Cell((string)field["description"]! + string.Concat(rules))} |";
    }

    /// <summary>The record that a field is, or that each of its items is.</summary>
    private static JsonObject? Below(JsonObject field) => field["properties"] is not null ? field : field["items"]?["properties"] is not null ? field["items"]!.AsObject() : null;

    private static string PathBelow(string path, string name, JsonObject field) => $"{path}.{name}{(field["items"] is null ? "" : "[]")}";

    private static IEnumerable<string> Rules(JsonObject record) => FieldText.RulesOf(record).ToList() is { Count: > 0 } rules ? [.. rules.Select(rule => $"- {rule}"), ""] : [];

    /// <summary>Text of a table that Markdown leaves as it is.</summary>
    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    /// <summary>The anchor that a heading gets.</summary>
    private static string Anchor(string heading) => Dropped().Replace(heading.ToLowerInvariant(), "").Replace(' ', '-');

    private static NodeMirrorStatus Example() => new()
    {
        Metadata = new ObjectMeta { Name = "node-1" },
        Status = new NodeMirrorStatusStatus
        {
            Mirror = "default",
            Flavor = "k3s",
            ContainerdVersion = "2.1.9",
            Verdict = Verdict.NeedsConfiguration,
            Findings =
            [
                new NodeFinding
                {
                    Reason = "LayersDiscarded",
                    Severity = FindingSeverity.Warning,
                    Message = "containerd throws layers away once they are unpacked, so there is nothing to give to others",
                    Evidence = "/etc/containerd/config.toml:12",
                    Remedy = "discard_unpacked_layers = false",
                },
            ],
            Registries = [new RegistryStatus { Host = "docker.io", State = RegistryState.Mirrored }],
            Agent = new AgentStatus { Version = "0.1.0", Ready = true, Address = "10.0.0.5:29951" },
            Overlay = new OverlayStatus { Members = 3, Alive = 3, Digests = 812, Images = 96 },
            Bytes = new ByteCounters { FromPeers = 1_200_000_000, ToPeers = 350_000_000 },
        },
    };

    [GeneratedRegex("[^a-z0-9 -]", RegexOptions.NonBacktracking)]
    private static partial Regex Dropped();
}
