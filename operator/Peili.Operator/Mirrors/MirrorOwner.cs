using System.Text.Json.Nodes;
using Peili.Crds;

namespace Peili.Operator.Mirrors;

/// <summary>A RegistryMirror as the owner of what was made for it.</summary>
internal static class MirrorOwner
{
    public static JsonObject Reference(RegistryMirror mirror) => new()
    {
        ["apiVersion"] = CrdKinds.RegistryMirror.ApiVersion,
        ["kind"] = CrdKinds.RegistryMirror.Kind,
        ["name"] = mirror.Metadata.Name,
        ["uid"] = mirror.Metadata.Uid,
        ["controller"] = true,
        ["blockOwnerDeletion"] = true,
    };
}
