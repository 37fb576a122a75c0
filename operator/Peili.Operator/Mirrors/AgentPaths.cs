using Peili.Crds;
using Peili.Flavors;

namespace Peili.Operator.Mirrors;

/// <summary>Where a node's containerd has what the agent needs: what the spec says, else what the flavor says.</summary>
internal sealed record AgentPaths(string Socket, string Content, string Hosts, string Config)
{
    private const string ContentStore = "io.containerd.content.v1.content";

    public static AgentPaths Of(ContainerdSpec spec, Flavor flavor, Flavor unknown) => new(
        Said(spec.SocketPath) ?? flavor.Paths.Socket ?? unknown.Paths.Socket!,
        Said(spec.ContentPath) ?? $"{flavor.Paths.Root ?? unknown.Paths.Root}/{ContentStore}",
        Said(spec.HostsPath) ?? flavor.Paths.Hosts ?? unknown.Paths.Hosts!,
        Said(spec.ConfigPath) ?? flavor.Paths.Config ?? unknown.Paths.Config!);

    /// <summary>
    /// The folders of the host that the pod needs at the same place, the read-only ones told apart. The folder of the socket, for a bound file goes stale when containerd
    /// restarts; the folder above certs.d, for some systems swap the whole of it.
    /// </summary>
    public IReadOnlyList<(string Path, bool IsReadOnly)> Folders
    {
        get
        {
            var writable = new[] { Parent(Socket), Parent(Hosts) }.Distinct(StringComparer.Ordinal).ToArray();
            return
            [
                .. writable.Select(path => (path, false)),
                .. new[] { Content, Parent(Config) }.Where(path => !writable.Any(above => IsWithin(path, above))).Distinct(StringComparer.Ordinal).Select(path => (path, true)),
            ];
        }
    }

    private static string? Said(string path) => path.Length > 0 ? path : null;

    private static string Parent(string path) => Path.GetDirectoryName(path)!;

    private static bool IsWithin(string path, string above) => path == above || path.StartsWith(above + "/", StringComparison.Ordinal);
}
