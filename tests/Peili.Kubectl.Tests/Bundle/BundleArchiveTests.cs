using System.Text.Json.Nodes;
using Peili.Kubectl.Bundle;
using Peili.Kubectl.Tests.Support;

namespace Peili.Kubectl.Tests.Bundle;

public sealed class BundleArchiveTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("peili-bundle-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_there_when_it_is_complete_for_its_owner_alone()
    {
        var path = Path.Combine(_folder, "support.tar.gz");
        await using (var archive = new BundleArchive(path, DateTimeOffset.UnixEpoch))
        {
            await archive.AddTextAsync("logs/a.log", "token=abc\n", Cancellation);
            await archive.AddJsonAsync("b.json", new JsonObject { ["password"] = "abc" }, Cancellation);
            archive.Miss("c.json", "no answer, token=abc");
            File.Exists(path).ShouldBeFalse();
            archive.Files.Select(file => file.Path).ShouldBe(["b.json", "logs/a.log"]);
            archive.Missing.ShouldBe([new MissingFile("c.json", "no answer, token=[removed]")]);
            await archive.CompleteAsync(Cancellation);
        }

        var files = await Unpacked.ReadAsync(path);
        files.Keys.ShouldBe(["support/b.json", "support/logs/a.log"], ignoreOrder: true);
        files["support/logs/a.log"].ShouldBe("token=[removed]\n");
        files["support/b.json"].ShouldNotContain("abc");
        File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.GetFiles(_folder).ShouldBe([path]);
    }

    [Fact]
    public async Task One_that_is_given_up_leaves_nothing_behind()
    {
        await using (var archive = new BundleArchive(Path.Combine(_folder, "support.tar.gz"), DateTimeOffset.UnixEpoch))
        {
            await archive.AddTextAsync("a.txt", "something", Cancellation);
        }

        Directory.GetFiles(_folder).ShouldBeEmpty();
    }

    [Fact]
    public void A_file_that_is_there_is_not_overwritten()
    {
        var path = Path.Combine(_folder, "support.tar.gz");
        File.WriteAllText(path, "mine");
        Should.Throw<IOException>(() => new BundleArchive(path, DateTimeOffset.UnixEpoch)).Message.ShouldContain("--file");
        File.ReadAllText(path).ShouldBe("mine");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
