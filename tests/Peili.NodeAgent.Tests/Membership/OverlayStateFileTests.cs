using System.Net;
using Microsoft.Extensions.Logging;
using Peili.NodeAgent.Membership;
using Peili.NodeAgent.Tests.Support;
using Peili.Overlay;

namespace Peili.NodeAgent.Tests.Membership;

public sealed class OverlayStateFileTests : IDisposable
{
    private readonly TestDirectory _directory = new();
    private readonly CapturedLog _log = new();

    private string FilePath => _directory.PathOf("overlay.json");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void At_the_first_start_nothing_is_known_and_nothing_is_wrong()
    {
        var state = Open();

        state.Current.ShouldBe(OverlayState.Empty);
        state.KnownPeers.ShouldBeEmpty();
        _log.AtLeast(LogLevel.Warning).ShouldBeEmpty();
    }

    [Fact]
    public void What_is_saved_is_known_at_the_next_start()
    {
        Open().Save(7, "a", [Peer("10.0.0.2:1"), Peer("[fd00::1]:2")]);

        var state = Open();

        state.Current.Epoch.ShouldBe(7UL);
        state.Current.Zone.ShouldBe("a");
        state.KnownPeers.ShouldBe([Peer("10.0.0.2:1"), Peer("[fd00::1]:2")], ignoreOrder: true);
    }

    [Fact]
    public void Only_its_owner_reads_the_file()
    {
        Open().Save(1, "", []);

        File.GetUnixFileMode(FilePath).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.GetFiles(_directory.Path).ShouldBe([FilePath]);
    }

    [Fact]
    public void A_folder_that_is_not_there_yet_is_made()
    {
        var state = new OverlayStateFile(TestOptions.Default with { StatePath = _directory.PathOf("new") }, _log.For<OverlayStateFile>());

        state.Save(1, "", []);

        File.Exists(Path.Combine(_directory.PathOf("new"), "overlay.json")).ShouldBeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"epoch":-1,"zone":"","peers":[]}""")]
    [InlineData("""{"epoch":1,"zone":"a"}""")]
    [InlineData("""{"epoch":1,"zone":"a","peers":{}}""")]
    [InlineData("""{"epoch":1,"zone":null,"peers":[]}""")]
    [InlineData("""{"epoch":1,"zone":"zone-of-64-characters-which-is-one-more-than-the-overlay-can-take","peers":[]}""")]
    public void A_broken_file_counts_as_none_and_is_named(string json)
    {
        _directory.Write("overlay.json", json);

        Open().Current.ShouldBe(OverlayState.Empty);

        _log.AtLeast(LogLevel.Warning).ShouldHaveSingleItem().ShouldContain(FilePath);
    }

    [Fact]
    public void A_file_of_more_than_a_mebibyte_counts_as_none()
    {
        _directory.Write("overlay.json", """{"epoch":1,"zone":"a","peers":[]}""" + new string(' ', 1024 * 1024));

        Open().Current.ShouldBe(OverlayState.Empty);

        _log.AtLeast(LogLevel.Warning).ShouldHaveSingleItem().ShouldContain(FilePath);
    }

    [Fact]
    public void A_broken_file_is_written_anew()
    {
        _directory.Write("overlay.json", "{");
        Open().Save(3, "b", []);

        Open().Current.Epoch.ShouldBe(3UL);
    }

    [Fact]
    public void Peers_that_are_no_addresses_are_left_out()
    {
        _directory.Write("overlay.json", """{"epoch":1,"zone":"","peers":["10.0.0.1:1","10.0.0.1","node:1","",null,"10.0.0.2:0"]}""");

        Open().KnownPeers.ShouldBe([Peer("10.0.0.1:1")]);
    }

    [Fact]
    public void What_did_not_change_is_not_written_again()
    {
        var state = Open();
        state.Save(1, "a", [Peer("10.0.0.1:1"), Peer("10.0.0.2:1")]);
        File.Delete(FilePath);

        state.Save(1, "a", [Peer("10.0.0.2:1"), Peer("10.0.0.1:1")]);
        File.Exists(FilePath).ShouldBeFalse();

        state.Save(2, "a", [Peer("10.0.0.2:1"), Peer("10.0.0.1:1")]);
        File.Exists(FilePath).ShouldBeTrue();
    }

    [Fact]
    public void A_node_alone_keeps_the_peers_it_knew()
    {
        Open().Save(1, "a", [Peer("10.0.0.1:1")]);

        Open().Save(2, "b", []);

        var state = Open();
        state.KnownPeers.ShouldBe([Peer("10.0.0.1:1")]);
        (state.Current.Epoch, state.Current.Zone).ShouldBe((2UL, "b"));
    }

    [Fact]
    public void At_most_256_peers_are_kept()
    {
        Open().Save(1, "", [.. Enumerable.Range(0, 1000).Select(number => Peer($"10.0.{number / 250}.{number % 250}:1"))]);

        Open().KnownPeers.Count.ShouldBe(256);
    }

    [Fact]
    public void A_folder_that_takes_nothing_is_logged_once_and_again_after_it_took_something()
    {
        // A file stands where the folder should be: not even root can write there.
        var path = _directory.Write("taken", "");
        var state = new OverlayStateFile(TestOptions.Default with { StatePath = path }, _log.For<OverlayStateFile>());

        state.Save(1, "", []);
        state.Save(2, "", []);
        _log.Errors.ShouldHaveSingleItem().ShouldContain(path);

        File.Delete(path);
        state.Save(3, "", []);
        state.Current.Epoch.ShouldBe(3UL);
        Directory.Delete(path, recursive: true);
        _directory.Write("taken", "");
        state.Save(4, "", []);
        _log.Errors.Count.ShouldBe(2);
        state.Current.Epoch.ShouldBe(3UL);
    }

    private static PeerAddress Peer(string address) => PeerAddress.From(IPEndPoint.Parse(address));

    private OverlayStateFile Open() => new(TestOptions.Default with { StatePath = _directory.Path }, _log.For<OverlayStateFile>());
}
