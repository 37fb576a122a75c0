namespace Peili.LocalCluster.Containerd;

/// <summary>Writes the configuration file of one node's containerd.</summary>
internal static class ContainerdConfiguration
{
    internal static string Render(
        ContainerdRelease release, ContainerdSettings settings, string directory, string socket, string certificates)
    {
        // The opt plugin would create /opt/containerd on this machine.
        var common =
            $"""
             root = "{directory}/root"
             state = "{directory}/state"
             disabled_plugins = ["io.containerd.internal.v1.opt"]

             [grpc]
               address = "{socket}"

             [plugins."io.containerd.metadata.v1.bolt"]
               content_sharing_policy = "{(settings.IsolatedContent ? "isolated" : "shared")}"
             """;
        var images = release == ContainerdRelease.V2_1 ? Version3(settings, certificates) : Version2(settings, certificates);
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
