using Peili.Containerd;
using Peili.NodeAgent.Remediation;

namespace Peili.NodeAgent.Tests.Remediation;

public sealed class FileChangesTests : IDisposable
{
    private const string First = "/etc/containerd/config.toml";
    private const string Second = "/etc/eks/nodeadm.d/90-peili.yaml";
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("peili-changes-");
    private readonly HostRoot _host;

    public FileChangesTests()
    {
        Directory.CreateDirectory(_folder.FullName + "/host/etc/containerd");
        _host = new HostRoot(_folder.FullName + "/host");
        File.WriteAllText(_host.At(First), "old");
        File.SetUnixFileMode(_host.At(First), UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private string State => _folder.FullName + "/state";

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Files_are_written_and_put_back()
    {
        var changes = Changes(Edit(First, "new"), Edit(Second, "made"));

        var backup = changes.Apply(Noon);

        (Read(First), Read(Second)).ShouldBe(("new", "made"));
        File.GetUnixFileMode(_host.At(First)).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        backup.ShouldBe($"{State}/remediation/20260301T120000Z");
        File.ReadAllText(backup + First).ShouldBe("old");
        File.GetUnixFileMode(backup + First).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);

        changes.Undo();

        Read(First).ShouldBe("old");
        File.Exists(_host.At(Second)).ShouldBeFalse();
    }

    [Fact]
    public void The_first_original_stays()
    {
        Changes(Edit(First, "new")).Apply(Noon);
        Changes(Edit(First, "newer")).Apply(Noon.AddDays(1));

        File.ReadAllText($"{State}/remediation/original{First}").ShouldBe("old");
        File.ReadAllText($"{State}/remediation/20260302T120000Z{First}").ShouldBe("new");
    }

    [Fact]
    public void What_somebody_else_changed_meanwhile_is_not_overwritten_and_the_rest_is_put_back()
    {
        var changes = Changes(Edit(First, "new"), Edit(Second, "made"));
        Directory.CreateDirectory(Path.GetDirectoryName(_host.At(Second))!);
        File.WriteAllText(_host.At(Second), "theirs");

        Should.Throw<IOException>(() => changes.Apply(Noon)).Message.ShouldContain($"{Second} was changed by somebody else");

        (Read(First), Read(Second)).ShouldBe(("old", "theirs"));
    }

    [Fact]
    public void When_a_file_cannot_be_written_those_before_it_are_put_back()
    {
        // A file stands where the folder should be.
        Directory.CreateDirectory(_host.At("/etc/eks"));
        File.WriteAllText(_host.At("/etc/eks/nodeadm.d"), "");
        var changes = Changes(Edit(First, "new"), new FileEdit(Second, null, "made"u8.ToArray()));

        Should.Throw<IOException>(() => changes.Apply(Noon));

        Read(First).ShouldBe("old");
        Directory.GetFiles(Path.GetDirectoryName(_host.At(First))!).ShouldHaveSingleItem();
    }

    [Fact]
    public void A_link_stays_one()
    {
        var real = _host.At("/etc/real.toml");
        File.Move(_host.At(First), real);
        File.CreateSymbolicLink(_host.At("/etc/containerd") + "/config.toml", real);
        var link = _folder.FullName + "/host" + First;

        new FileChanges(HostRoot.Own, State, [FileEdit.Of(HostRoot.Own, link, "new"u8.ToArray())]).Apply(Noon);

        (File.ReadAllText(real), new FileInfo(link).LinkTarget).ShouldBe(("new", real));
    }

    private FileChanges Changes(params FileEdit[] edits) => new(_host, State, edits);

    private FileEdit Edit(string path, string after) => FileEdit.Of(_host, path, System.Text.Encoding.UTF8.GetBytes(after));

    private string Read(string path) => File.ReadAllText(_host.At(path));
}
