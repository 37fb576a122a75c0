using Peili.Containerd;

namespace Peili.NodeAgent.Operations;

/// <summary>Ready means: this node's containerd is reachable and its images are listed. Peers do not matter: a node alone serves what it has.</summary>
internal sealed class Readiness(ImageStoreWatcher watcher)
{
    /// <summary>Null when ready; otherwise why not.</summary>
    public string? WhyNot => watcher switch
    {
        { State.Connected: false, State.LastError: var error } => $"containerd is not reachable: {error ?? "not asked yet"}",
        { Current: null } => "containerd's images are not listed yet",
        { ContentStore: null } => "containerd does not say where its content store is: give --content-path",
        _ => null,
    };
}
