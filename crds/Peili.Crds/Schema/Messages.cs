namespace Peili.Crds.Schema;

/// <summary>What users read when a rule refuses, from the server and from the operator alike.</summary>
internal static class Messages
{
    public const string KeyOrExists = "must have operator Exists where it has no key";

    public const string NoValueWithExists = "must have no value where the operator is Exists";

    public const string NoExecuteWithSeconds = "must have effect NoExecute where it has tolerationSeconds";

    public const string NoPeiliVariables = "must not begin with PEILI_: those are the operator's";

    public const string ValueOrSource = "must have value or valueFrom, not both";

    public const string OneSource = "must have exactly one of fieldRef, resourceFieldRef, configMapKeyRef and secretKeyRef";

    public const string Name =
        "must have a metadata.name of at most 40 lower-case letters, digits and dashes, with a letter or digit first and last: DaemonSets and labels are named after it";

    public const string SomebodyResolves =
        "must not have resolveTags Never together with upstreamFallback false and no additionalMirrors: nobody could say what a tag means";

    public const string RegistriesOfMirrors = "must list under registries every registry that one of additionalMirrors lists, or none at all";

    public const string Filter = "must be a regular expression in the syntax of RE2: no look-around, no back-references";

    public const string FilterClasses = "must not contain [: or -[, which agents read differently; write [A-Za-z] for [[:alpha:]]";

    public const string DockerHub = "must be docker.io for Docker Hub: that is the name containerd asks for";

    public const string NoOwnLabels =
        "must not select by peili.dev/mirror or peili.dev/flavor: the operator sets these labels on the nodes selected";

    public const string LinuxOnly = "must not select by kubernetes.io/os other than linux: there is no agent for it";

    public const string HttpsWithAuthority = "must have an https:// url where it has a caSecretRef";

    public const string HttpsWithCredentials = "must have an https:// url where it has a credentialsSecretRef: http would tell them to everybody";

    public const string FourPorts = "must be four different ports";

    public const string WaitAtMost = "must be at most 1m";
}
