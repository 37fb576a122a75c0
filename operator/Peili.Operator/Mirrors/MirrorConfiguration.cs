using System.Text;
using System.Text.Json.Nodes;
using Peili.Crds;
using Peili.Kubernetes.Models;
using Peili.Kubernetes.Watching;
using Peili.Operator.Installation;
using Peili.Operator.Manifests;
using Peili.Operator.Resources;

namespace Peili.Operator.Mirrors;

/// <summary>The Secret with the additional mirrors of a RegistryMirror, as the agent's <c>--config</c> reads them: YAML that is JSON.</summary>
internal static class MirrorConfiguration
{
    private const string CaKey = "ca.crt";

    /// <summary>Its name.</summary>
    public static string NameOf(string mirror) => $"peili-mirror-{mirror}";

    /// <summary>The Secret; null where there are no additional mirrors.</summary>
    /// <param name="mirror">Whose mirrors they are.</param>
    /// <param name="secrets">The Secrets of the operator's namespace.</param>
    /// <param name="inNamespace">The operator's namespace.</param>
    /// <param name="missing">What is referred to and not there.</param>
    public static JsonObject? Render(RegistryMirror mirror, Informer<Secret> secrets, string inNamespace, ICollection<string> missing)
    {
        if (mirror.Spec.AdditionalMirrors.Count == 0)
        {
            return null;
        }

        var mirrors = new JsonObject { ["mirror"] = new JsonArray([.. mirror.Spec.AdditionalMirrors.Select(Entry)]) };
        var rendered = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Secret",
            ["type"] = "Opaque",
            ["data"] = new JsonObject { ["agent.yaml"] = Trust.Base64(mirrors.ToJsonString()) },
        }.Named(inNamespace, NameOf(mirror.Metadata.Name!), (Node.MirrorLabel, mirror.Metadata.Name!));
        rendered["metadata"]!["ownerReferences"] = new JsonArray(MirrorOwner.Reference(mirror));
        return rendered;

        JsonNode Entry(AdditionalMirror each)
        {
            var entry = new JsonObject { ["url"] = each.Url };
            if (each.Registries.Count > 0)
            {
                entry["registries"] = new JsonArray([.. each.Registries.Select(registry => JsonValue.Create(registry))]);
            }

            if (each.CaSecretRef is { } ca && Find(ca) is { } authority)
            {
                entry["ca-pem"] = authority.Text(CaKey) ?? Missing(ca, CaKey);
            }

            var headers = new JsonObject();
            if (each.HeadersSecretRef is { } reference && Find(reference) is { Data: { } given })
            {
                foreach (var (name, value) in given)
                {
                    headers[name] = Encoding.UTF8.GetString(value).Trim();
                }
            }

            if (each.CredentialsSecretRef is { } login && Find(login) is { } credentials)
            {
                var user = credentials.Text("username") ?? Missing(login, "username");
                var password = credentials.Text("password") ?? Missing(login, "password");
                headers["Authorization"] = $"Basic {Trust.Base64($"{user}:{password}")}";
            }

            if (headers.Count > 0)
            {
                entry["headers"] = headers;
            }

            return entry;
        }

        Secret? Find(LocalObjectReference reference)
        {
            var found = secrets.Items.GetValueOrDefault(new NamespacedName(inNamespace, reference.Name));
            if (found is null)
            {
                missing.Add($"Secret {inNamespace}/{reference.Name}");
            }

            return found;
        }

        string Missing(LocalObjectReference reference, string key)
        {
            missing.Add($"{key} in Secret {inNamespace}/{reference.Name}");
            return "";
        }
    }
}
