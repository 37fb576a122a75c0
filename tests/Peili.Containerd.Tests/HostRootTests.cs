namespace Peili.Containerd.Tests;

public sealed class HostRootTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("peili-root-");

    [Fact]
    public void A_path_of_the_host_is_below_its_folder()
    {
        var root = new HostRoot(_folder.FullName + "/");

        root.At("/etc/containerd/config.toml").ShouldBe(_folder.FullName + "/etc/containerd/config.toml");
        root.HostPath(root.At("/etc//containerd/./config.toml")).ShouldBe("/etc/containerd/config.toml");
        root.IsMounted.ShouldBeTrue();
    }

    [Theory]
    [InlineData("/var/lib/real", "/var/lib/real/file")]
    [InlineData("real", "/etc/real/file")]
    [InlineData("../opt/./real", "/opt/real/file")]
    [InlineData("../../../../outside", "/outside/file")]
    [InlineData("/../../outside", "/outside/file")]
    public void A_link_is_followed_as_the_host_would(string target, string expected)
    {
        Directory.CreateDirectory(_folder.FullName + "/etc");
        File.CreateSymbolicLink(_folder.FullName + "/etc/link", target);

        new HostRoot(_folder.FullName).At("/etc/link/file").ShouldBe(_folder.FullName + expected);
    }

    [Fact]
    public void Links_in_a_circle_are_an_error()
    {
        File.CreateSymbolicLink(_folder.FullName + "/a", "/b");
        File.CreateSymbolicLink(_folder.FullName + "/b", "a");

        Should.Throw<IOException>(() => new HostRoot(_folder.FullName).At("/a/file")).Message.ShouldBe("/a/file: too many symbolic links");
    }

    [Fact]
    public void The_processes_own_root_leaves_links_to_the_system()
    {
        File.CreateSymbolicLink(_folder.FullName + "/link", "/tmp");

        HostRoot.Own.At(_folder.FullName + "/link/file").ShouldBe(_folder.FullName + "/link/file");
        HostRoot.Own.IsMounted.ShouldBeFalse();
    }

    [Fact]
    public void A_folder_that_is_not_there_is_an_error() =>
        Should.Throw<DirectoryNotFoundException>(() => new HostRoot(_folder.FullName + "/none"));

    public void Dispose() => _folder.Delete(recursive: true);
}
