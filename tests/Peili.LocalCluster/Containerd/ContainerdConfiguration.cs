namespace Peili.LocalCluster.Containerd;

/// <summary>Writes the configuration file of one node's containerd.</summary>
internal static class ContainerdConfiguration
{
    internal static string Render(
        ContainerdRelease release, ContainerdSettings settings, ContainerdPaths paths)
    {
        // The opt plugin would create /opt/containerd on this machine.
        var common =
            $"""
             root = "{paths.Root}"
             state = "{paths.State}"
             disabled_plugins = ["io.containerd.internal.v1.opt"]

             [grpc]
               address = "{paths.Socket}"

             [plugins."io.containerd.metadata.v1.bolt"]
               content_sharing_policy = "{(settings.IsolatedContent ? "isolated" : "shared")}"
             """;
        var images = release == ContainerdRelease.V2_1 ? Version3(settings, paths.Hosts) : Version2(settings, paths.Hosts);
        return $"""
                version = {(release == ContainerdRelease.V2_1 ? 3 : 2)}
                {common}

                {images}

                {settings.ExtraToml}
                """;
    }

    private static string Version2(ContainerdSettings settings, string certificates) =>
        $"""
         [plugins."io.containerd.grpc.v1.cri".registry]
           config_path = "{certificates}"

         [plugins."io.containerd.grpc.v1.cri".containerd]
           discard_unpacked_layers = {Boolean(settings.DiscardUnpackedLayers)}
         """;

    private static string Version3(ContainerdSettings settings, string certificates) =>
        $"""
         [plugins."io.containerd.cri.v1.images"]
           discard_unpacked_layers = {Boolean(settings.DiscardUnpackedLayers)}
           concurrent_layer_fetch_buffer = {settings.ConcurrentLayerFetchBuffer}

         [plugins."io.containerd.cri.v1.images".registry]
           config_path = "{certificates}"

         [plugins."io.containerd.transfer.v1.local"]
           concurrent_layer_fetch_buffer = {settings.ConcurrentLayerFetchBuffer}
         """;

    private static string Boolean(bool value) => value ? "true" : "false";
}
