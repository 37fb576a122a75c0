namespace Peili.Containerd.Configuration;

/// <summary>Names of containerd's plugins.</summary>
internal static class PluginNames
{
    /// <summary>The CRI plugin in configuration version 1.</summary>
    public const string CriVersion1 = "cri";

    /// <summary>The CRI plugin in version 2, with everything about images in it.</summary>
    public const string Cri = "io.containerd.grpc.v1.cri";

    /// <summary>The part of it that pulls images, from version 3 on.</summary>
    public const string CriImages = "io.containerd.cri.v1.images";

    /// <summary>The metadata store in version 1.</summary>
    public const string MetadataVersion1 = "bolt";

    /// <summary>The metadata store from version 2 on.</summary>
    public const string Metadata = "io.containerd.metadata.v1.bolt";

    /// <summary>The names a version 1 file uses that matter here, as later versions have them.</summary>
    public static string OfVersion2(string version1) => version1 switch
    {
        CriVersion1 => Cri,
        MetadataVersion1 => Metadata,
        _ => version1,
    };
}
