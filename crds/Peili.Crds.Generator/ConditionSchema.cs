using System.Text.Json.Nodes;

namespace Peili.Crds.Generator;

/// <summary>The schema of a condition, as the API conventions have it.</summary>
internal static class ConditionSchema
{
    public static JsonObject Create() => new()
    {
        ["description"] = "One observation.",
        ["type"] = "object",
        ["required"] = new JsonArray("type", "status", "lastTransitionTime", "reason"),
        ["properties"] = new JsonObject
        {
            ["type"] = new JsonObject
            {
                ["description"] = "What is observed.",
                ["type"] = "string",
                ["maxLength"] = 316,
                ["pattern"] = "^[A-Za-z]([A-Za-z0-9]*)$",
            },
            ["status"] = new JsonObject
            {
                ["description"] = "Whether it is so.",
                ["type"] = "string",
                ["enum"] = new JsonArray("True", "False", "Unknown"),
            },
            ["observedGeneration"] = new JsonObject
            {
                ["description"] = "The generation of the spec that was looked at.",
                ["type"] = "integer",
                ["format"] = "int64",
                ["minimum"] = 0,
                ["maximum"] = 9007199254740991,
            },
            ["lastTransitionTime"] = new JsonObject
            {
                ["description"] = "When the status last became another one.",
                ["type"] = "string",
                ["format"] = "date-time",
                ["maxLength"] = 64,
            },
            ["reason"] = new JsonObject
            {
                ["description"] = "Why, in one word.",
                ["type"] = "string",
                ["minLength"] = 1,
                ["maxLength"] = 1024,
                ["pattern"] = "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$",
            },
            ["message"] = new JsonObject
            {
                ["description"] = "Why, for a person.",
                ["type"] = "string",
                ["maxLength"] = 32768,
            },
        },
    };
}
