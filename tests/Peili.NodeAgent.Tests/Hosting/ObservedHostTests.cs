using Peili.NodeAgent.Checks;

namespace Peili.NodeAgent.Tests.Hosting;

public sealed class ObservedHostTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("peili-observed-").FullName;
    private readonly ObservedHost _host = new();

    private string File => Path.Combine(_folder, "config.toml");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_nobody_looked_at_may_change()
    {
        System.IO.File.WriteAllText(File, "version = 2");

        _host.HasChanged().ShouldBeFalse();
    }

    [Fact]
    public void What_stays_as_it_is_has_not_changed()
    {
        System.IO.File.WriteAllText(File, "version = 2");
        _host.At(File);
        _host.At(Path.Combine(_folder, "not-there"));

        _host.HasChanged().ShouldBeFalse();
    }

    [Fact]
    public void A_file_that_is_written_has_changed() => Check(() => System.IO.File.WriteAllText(File, "version = 3 # longer"));

    [Fact]
    public void A_file_that_is_written_with_as_many_bytes_has_changed() => Check(() =>
    {
        System.IO.File.WriteAllText(File, "version = 3");
        System.IO.File.SetLastWriteTimeUtc(File, DateTime.UtcNow.AddSeconds(1));
    });

    [Fact]
    public void A_file_that_goes_has_changed() => Check(() => System.IO.File.Delete(File));

    [Fact]
    public void A_file_that_comes_has_changed()
    {
        _host.At(File);
        System.IO.File.WriteAllText(File, "version = 2");

        _host.HasChanged().ShouldBeTrue();
    }

    [Fact]
    public void A_folder_in_which_a_file_comes_has_changed()
    {
        Directory.SetLastWriteTimeUtc(_folder, DateTime.UtcNow.AddMinutes(-1));
        _host.At(_folder);
        System.IO.File.WriteAllText(File, "version = 2");

        _host.HasChanged().ShouldBeTrue();
    }

    [Fact]
    public void A_link_has_changed_when_what_it_names_has()
    {
        var target = Path.Combine(_folder, "target");
        System.IO.File.WriteAllText(target, "version = 2");
        System.IO.File.CreateSymbolicLink(File, target);
        _host.At(File);
        System.IO.File.WriteAllText(target, "version = 3 # longer");

        _host.HasChanged().ShouldBeTrue();
    }

    private void Check(Action change)
    {
        System.IO.File.WriteAllText(File, "version = 2");
        _host.At(File);
        change();

        _host.HasChanged().ShouldBeTrue();
    }
}
