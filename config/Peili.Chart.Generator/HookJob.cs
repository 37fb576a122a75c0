using System.Text.Json.Nodes;

namespace Peili.Chart.Generator;

/// <summary>A Job of Helm's: the operator's program with another command, in a pod as the operator's.</summary>
internal static class HookJob
{
    /// <summary>Makes one.</summary>
    /// <param name="deployment">The operator.</param>
    /// <param name="name">What it does, in one word; peili- goes before it.</param>
    /// <param name="hook">When Helm runs it.</param>
    /// <param name="serviceAccount">Whose rights it has.</param>
    /// <param name="arguments">The command.</param>
    public static JsonObject Create(JsonObject deployment, string name, string hook, string serviceAccount, params string[] arguments)
    {
        var template = deployment["spec"]!["template"]!.DeepClone();
        var labels = template["metadata"]!["labels"]!.AsObject();
        labels["app.kubernetes.io/component"] = name; // Or the operator's Service and PodDisruptionBudget would take it for an operator.
        template["metadata"]!["annotations"]!["kubectl.kubernetes.io/default-container"] = name;

        var pod = template["spec"]!.AsObject();
        foreach (var field in new[] { "terminationGracePeriodSeconds", "affinity", "topologySpreadConstraints" })
        {
            pod.Remove(field);
        }

        pod["serviceAccountName"] = serviceAccount;
        pod["restartPolicy"] = "Never";
        var container = pod["containers"]![0]!.AsObject();
        container["name"] = name;
        container["args"] = new JsonArray([.. arguments.Select(argument => JsonValue.Create(argument))]);
        foreach (var field in new[] { "env", "ports", "livenessProbe", "readinessProbe" })
        {
            container.Remove(field);
        }

        return new JsonObject
        {
            ["apiVersion"] = "batch/v1",
            ["kind"] = "Job",
            ["metadata"] = Metadata($"peili-{name}", hook, deployment["metadata"]!["namespace"], labels),
            ["spec"] = new JsonObject { ["backoffLimit"] = 2, ["template"] = template },
        };
    }

    /// <summary>The metadata of what belongs to a hook: there while it runs, and afterwards where it failed, to be looked at.</summary>
    public static JsonObject Metadata(string name, string hook, JsonNode? inNamespace, JsonObject labels, int weight = 0)
    {
        var metadata = new JsonObject { ["name"] = name };
        if (inNamespace is not null)
        {
            metadata["namespace"] = inNamespace.DeepClone();
        }

        metadata["labels"] = labels.DeepClone();
        metadata["annotations"] = new JsonObject
        {
            ["helm.sh/hook"] = hook,
            ["helm.sh/hook-weight"] = $"{weight}",
            ["helm.sh/hook-delete-policy"] = "before-hook-creation,hook-succeeded",
            ["helm.sh/hook-output-log-policy"] = "hook-failed",
        };
        return metadata;
    }
}
