namespace Peili.Containerd;

/// <summary>The media types of manifests and indexes.</summary>
public static class MediaTypes
{
    /// <summary>An OCI image index.</summary>
    public const string OciIndex = "application/vnd.oci.image.index.v1+json";

    /// <summary>An OCI image manifest.</summary>
    public const string OciManifest = "application/vnd.oci.image.manifest.v1+json";

    /// <summary>Docker's manifest list, the forerunner of the index.</summary>
    public const string DockerManifestList = "application/vnd.docker.distribution.manifest.list.v2+json";

    /// <summary>Docker's manifest, schema 2.</summary>
    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";

    /// <summary>Docker's manifest, schema 1, without signatures.</summary>
    public const string DockerManifestV1 = "application/vnd.docker.distribution.manifest.v1+json";

    /// <summary>Docker's manifest, schema 1, with the signatures it was mostly published with.</summary>
    public const string DockerManifestV1Signed = "application/vnd.docker.distribution.manifest.v1+prettyjws";

    internal static readonly string[] Manifests =
        [OciIndex, OciManifest, DockerManifestList, DockerManifest, DockerManifestV1, DockerManifestV1Signed];

    /// <summary>Whether a blob of this type refers to further blobs.</summary>
    public static bool IsManifest(string mediaType) => Manifests.Contains(mediaType);
}
