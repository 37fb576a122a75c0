using System.Text.Json.Nodes;

namespace Peili.Kubectl.Bundle;

/// <summary>
/// Takes out of JSON what may be secret: the values of environment variables and of fields that are named like secrets, and what <see cref="SecretText"/> finds in any other text. Whatever only
/// repeats the rest of an object goes, too.
/// </summary>
internal static class SecretFields
{
    private static readonly string[] s_secrets = ["password", "passwd", "passphrase", "token", "secret", "authorization", "credential", "apiKey", "api_key", "privateKey", "private_key"];

    private static readonly string[] s_references = ["name", "ref", "path"];

    /// <summary>A copy without them.</summary>
    public static JsonNode? Remove(JsonNode? node) => node switch
    {
        JsonObject fields => new JsonObject(fields.Where(field => !IsRepetition(field.Key)).Select(field => KeyValuePair.Create(field.Key, Clean(field.Key, field.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Remove)]),
        JsonValue value when value.TryGetValue<string>(out var text) => JsonValue.Create(SecretText.Remove(text)),
        _ => node?.DeepClone(),
    };

    private static JsonNode? Clean(string name, JsonNode? value) => value switch
    {
        JsonArray variables when name == "env" => new JsonArray([.. variables.Select(WithoutValue)]),
        JsonValue text when text.TryGetValue<string>(out var secret) && secret.Length > 0 && IsSecret(name) => JsonValue.Create(SecretText.Removed),
        _ => Remove(value),
    };

    private static JsonNode? WithoutValue(JsonNode? variable)
    {
        var cleaned = Remove(variable);
        if (cleaned is JsonObject fields && fields.ContainsKey("value"))
        {
            fields["value"] = SecretText.Removed;
        }

        return cleaned;
    }

    private static bool IsSecret(string name) =>
        s_secrets.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase)) && !s_references.Any(word => name.EndsWith(word, StringComparison.OrdinalIgnoreCase));

    private static bool IsRepetition(string name) => name is "managedFields" or "kubectl.kubernetes.io/last-applied-configuration";
}
