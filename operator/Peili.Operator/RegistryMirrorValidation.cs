namespace Peili.Crds;
internal static class RegistryMirrorValidation { public static IReadOnlyList<string> Validate(RegistryMirrorSpec spec) => spec.Registries.Count > 32 ? ["x"] : []; }
