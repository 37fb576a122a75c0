using System.Text.Json.Nodes;

namespace Peili.Chart.Generator;

/// <summary>
/// What <c>helm uninstall</c> does first: while the operator still runs, delete every RegistryMirror and wait until their nodes are as they were. It fails where that does not
/// come about, and Helm removes nothing then. Its rights are its own: the operator itself may delete no RegistryMirror.
/// </summary>
internal static class ReleaseHook
{
    private const string Name = "peili-release";
    private const string Hook = "pre-delete";
    private const int BeforeTheJob = -1;

    /// <summary>The objects of the hook.</summary>
    public static IReadOnlyList<JsonObject> Create(JsonObject deployment, TemplateText text)
    {
        var job = HookJob.Create(deployment, "release", Hook, Name, "release", $"--timeout={text.Inline(".Values.uninstall.timeout")}");
        var labels = job["metadata"]!["labels"]!.AsObject();
        var inNamespace = deployment["metadata"]!["namespace"];
        return
        [
            new JsonObject { ["apiVersion"] = "v1", ["kind"] = "ServiceAccount", ["metadata"] = HookJob.Metadata(Name, Hook, inNamespace, labels, BeforeTheJob) },
            new JsonObject
            {
                ["apiVersion"] = "rbac.authorization.k8s.io/v1",
                ["kind"] = "ClusterRole",
                ["metadata"] = HookJob.Metadata(Name, Hook, null, labels, BeforeTheJob),
                ["rules"] = new JsonArray(new JsonObject
                {
                    ["apiGroups"] = new JsonArray("peili.dev"),
                    ["resources"] = new JsonArray("registrymirrors"),
                    ["verbs"] = new JsonArray("list", "delete"),
                }),
            },
            new JsonObject
            {
                ["apiVersion"] = "rbac.authorization.k8s.io/v1",
                ["kind"] = "ClusterRoleBinding",
                ["metadata"] = HookJob.Metadata(Name, Hook, null, labels, BeforeTheJob),
                ["roleRef"] = new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "ClusterRole", ["name"] = Name },
                ["subjects"] = new JsonArray(new JsonObject { ["kind"] = "ServiceAccount", ["name"] = Name, ["namespace"] = inNamespace!.DeepClone() }),
            },
            job,
        ];
    }
}
