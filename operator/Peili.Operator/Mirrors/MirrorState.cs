using System.Runtime.CompilerServices;
using Peili.Crds;

namespace Peili.Operator.Mirrors;

/// <summary>Whether a RegistryMirror may change anything.</summary>
internal static class MirrorState
{
    /// <summary>The annotation that has the operator leave everything of a RegistryMirror as it is.</summary>
    public const string PausedAnnotation = "peili.dev/paused";

    // It is asked for at every node; a RegistryMirror's object is another one after each change.
    private static readonly ConditionalWeakTable<RegistryMirror, IReadOnlyList<ValidationError>> s_errors = [];

    public static bool IsPaused(RegistryMirror mirror) =>
        mirror.Metadata.DeletionTimestamp is null && mirror.Metadata.Annotations?.GetValueOrDefault(PausedAnnotation) is not null and not "false";

    /// <summary>What is wrong with its spec, one line each; none for a valid one. An old API server lets through what the schema's rules refuse.</summary>
    public static IReadOnlyList<ValidationError> Errors(RegistryMirror mirror) => s_errors.GetValue(mirror, RegistryMirrorValidation.Validate);

    /// <summary>Whether it takes and leaves nodes: one that is paused or wrong keeps those that it has.</summary>
    public static bool MayChange(RegistryMirror mirror) => !IsPaused(mirror) && Errors(mirror).Count == 0;
}
