using Peili.Crds.Schema;

namespace Peili.Crds;

/// <summary>The rules under <c>spec.agent</c>.</summary>
internal static class AgentValidation
{
    private const string Path = "spec.agent";

    public static void Check(FieldCheck check, AgentSpec agent)
    {
        check.MatchesIfAny($"{Path}.image", agent.Image, Patterns.ImageReference, Patterns.ImageReferenceMessage);
        CheckQuantities(check, "limits", agent.Resources.Limits);
        CheckQuantities(check, "requests", agent.Resources.Requests);
        FieldCheck.Each($"{Path}.env", agent.Env, (path, variable) => Check(check, path, variable));
    }

    private static void CheckQuantities(FieldCheck check, string field, IReadOnlyDictionary<string, string>? quantities)
    {
        foreach (var (resource, quantity) in quantities ?? new Dictionary<string, string>())
        {
            check.Matches($"{Path}.resources.{field}.{resource}", quantity, Patterns.Quantity, Patterns.QuantityMessage);
        }
    }

    private static void Check(FieldCheck check, string path, EnvVar variable)
    {
        check.Matches($"{path}.name", variable.Name, Patterns.EnvironmentName, Patterns.EnvironmentNameMessage);
        check.Holds(path, !variable.Name.StartsWith("PEILI_", StringComparison.Ordinal), Messages.NoPeiliVariables);
        check.Holds(path, string.IsNullOrEmpty(variable.Value) || variable.ValueFrom is null, Messages.ValueOrSource);
        if (variable.ValueFrom is not { } source)
        {
            return;
        }

        check.Holds(
            $"{path}.valueFrom",
            new object?[] { source.FieldRef, source.ResourceFieldRef, source.ConfigMapKeyRef, source.SecretKeyRef }.Count(given => given is not null) == 1,
            Messages.OneSource);
        check.MatchesIfAny($"{path}.valueFrom.resourceFieldRef.divisor", source.ResourceFieldRef?.Divisor, Patterns.Quantity, Patterns.QuantityMessage);
        check.MatchesIfAny($"{path}.valueFrom.configMapKeyRef.name", source.ConfigMapKeyRef?.Name, Patterns.ObjectName, Patterns.ObjectNameMessage);
        check.MatchesIfAny($"{path}.valueFrom.secretKeyRef.name", source.SecretKeyRef?.Name, Patterns.ObjectName, Patterns.ObjectNameMessage);
    }
}
