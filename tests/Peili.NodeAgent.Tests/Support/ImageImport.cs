using Peili.Containerd.Tests.Support;

namespace Peili.NodeAgent.Tests.Support;

/// <summary>Puts images into a containerd, as a person with a tarball does.</summary>
internal static class ImageImport
{
    public static async Task ImportAsync(this ContainerdProcess containerd, TestImage image, string containerdNamespace = "k8s.io")
    {
        using var archive = new MemoryStream();
        await image.WriteArchiveAsync(archive);
        archive.Position = 0;
        await containerd.CtrAsync(containerdNamespace, archive, "images", "import", "--no-unpack", "--all-platforms", "-");
    }
}
