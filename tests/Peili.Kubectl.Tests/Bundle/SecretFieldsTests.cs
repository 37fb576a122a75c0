using System.Text.Json.Nodes;
using Peili.Kubectl.Bundle;

namespace Peili.Kubectl.Tests.Bundle;

public sealed class SecretFieldsTests
{
    [Fact]
    public void Values_of_variables_and_fields_named_like_secrets_go_and_names_stay()
    {
        var cleaned = SecretFields.Remove(JsonNode.Parse(
            """
            {
              "metadata": {
                "name": "default",
                "managedFields": [{"manager": "kubectl"}],
                "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{\"env\":[{\"value\":\"MARKER\"}]}", "peili.dev/paused": "true"}
              },
              "spec": {
                "agent": {"env": [{"name": "HTTPS_PROXY", "value": "MARKER"}, {"name": "POD", "valueFrom": {"secretKeyRef": {"name": "login", "key": "password"}}}]},
                "volumes": [{"name": "tls", "secret": {"secretName": "peili-agent", "defaultMode": 256}}],
                "automountServiceAccountToken": false,
                "password": "MARKER",
                "args": ["serve", "--upstream-password=MARKER", "--zone=a"],
                "headersSecretRef": {"name": "headers"}
              }
            }
            """))!.ToJsonString();
        cleaned.ShouldNotContain("MARKER");
        cleaned.ShouldNotContain("managedFields");
        JsonNode.DeepEquals(JsonNode.Parse(cleaned), JsonNode.Parse(
            """
            {
              "metadata": {"name": "default", "annotations": {"peili.dev/paused": "true"}},
              "spec": {
                "agent": {"env": [{"name": "HTTPS_PROXY", "value": "[removed]"}, {"name": "POD", "valueFrom": {"secretKeyRef": {"name": "login", "key": "password"}}}]},
                "volumes": [{"name": "tls", "secret": {"secretName": "peili-agent", "defaultMode": 256}}],
                "automountServiceAccountToken": false,
                "password": "[removed]",
                "args": ["serve", "--upstream-password=[removed]", "--zone=a"],
                "headersSecretRef": {"name": "headers"}
              }
            }
            """)).ShouldBeTrue(cleaned);
    }
}
