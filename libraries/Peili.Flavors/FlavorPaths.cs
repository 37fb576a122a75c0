namespace Peili.Flavors;

/// <summary>Where a flavor has containerd's files, as shipped; absolute paths on the node, null where the flavor has none or they are not known.</summary>
/// <param name="Socket">containerd's gRPC socket.</param>
/// <param name="Config">Its configuration file.</param>
/// <param name="DropIns">The directory that the configuration file imports.</param>
/// <param name="Hosts">certs.d: the directory that <c>config_path</c> names, or should.</param>
/// <param name="Root">containerd's root; ask introspection before relying on it.</param>
/// <param name="State">containerd's state directory.</param>
public sealed record FlavorPaths(string? Socket, string? Config, string? DropIns, string? Hosts, string? Root, string? State);
