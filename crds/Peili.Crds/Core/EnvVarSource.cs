using Peili.Crds.Schema;

namespace Peili.Crds;

/// <summary>Where a variable's value is taken from: exactly one of the four.</summary>
[Rule(
    "[has(self.fieldRef), has(self.resourceFieldRef), has(self.configMapKeyRef), has(self.secretKeyRef)].exists_one(given, given)",
    Messages.OneSource)]
public sealed record EnvVarSource
{
    /// <summary>A field of the agent's pod.</summary>
    public ObjectFieldSelector? FieldRef { get; init; }

    /// <summary>A limit or request of the agent's container.</summary>
    public ResourceFieldSelector? ResourceFieldRef { get; init; }

    /// <summary>A key of a ConfigMap of the operator's namespace.</summary>
    public KeySelector? ConfigMapKeyRef { get; init; }

    /// <summary>A key of a Secret of the operator's namespace.</summary>
    public KeySelector? SecretKeyRef { get; init; }
}
