using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Peili.NodeAgent.Configuration;
using Peili.NodeAgent.Membership;
using Peili.NodeAgent.Tests.Support;

namespace Peili.NodeAgent.Tests.Membership;

public sealed class ClusterKeysFileTests : IDisposable
{
    private readonly TestDirectory _directory = new();
    private readonly CapturedLog _log = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Without_a_file_nothing_is_sealed_and_nothing_changes()
    {
        var keys = new ClusterKeysFile(TestOptions.Default, _log.For<ClusterKeysFile>());

        keys.Current.IsEmpty.ShouldBeTrue();
        keys.Refresh().ShouldBeFalse();
    }

    [Fact]
    public void A_file_has_keys_comments_and_empty_lines() => Open($"# seals\n{NewKey()}\n\n  {NewKey()}\r\n").Current.IsEmpty.ShouldBeFalse();

    [Theory]
    [InlineData("not base64 at all!")]
    [InlineData("c2hvcnQ=")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    public void A_bad_line_is_named_by_its_number_and_not_shown(string bad)
    {
        var error = Should.Throw<InvalidDataException>(() => Open($"{NewKey()}\n# next\n{bad}\n"));

        error.Message.ShouldContain(_directory.PathOf("keys"));
        error.Message.ShouldContain("line 3");
        error.Message.ShouldNotContain(bad);
    }

    [Theory]
    [InlineData(0, "there is no key")]
    [InlineData(9, "more than 8 keys")]
    public void Keys_are_one_to_eight(int count, string reason) =>
        Should.Throw<InvalidDataException>(() => Open(Keys(count))).Message.ShouldContain(reason);

    [Fact]
    public void Eight_keys_are_not_too_many() => Open(Keys(8)).Current.IsEmpty.ShouldBeFalse();

    [Fact]
    public void A_file_that_is_not_there_is_named() =>
        Should.Throw<IOException>(() => new ClusterKeysFile(Options(), _log.For<ClusterKeysFile>())).Message.ShouldContain(_directory.PathOf("keys"));

    [Fact]
    public void A_new_file_is_loaded_once()
    {
        var keys = Open(Keys(1));
        var first = keys.Current;

        keys.Refresh().ShouldBeFalse();
        keys.Current.ShouldBeSameAs(first);

        _directory.Write("keys", Keys(2));
        keys.Refresh().ShouldBeTrue();
        keys.Current.ShouldNotBeSameAs(first);
        keys.Refresh().ShouldBeFalse();
        _log.AtLeast(LogLevel.Information).ShouldHaveSingleItem().ShouldContain(_directory.PathOf("keys"));
    }

    [Fact]
    public void A_broken_file_keeps_the_old_keys_and_is_logged_once_until_it_is_mended()
    {
        var good = Keys(1);
        var keys = Open(good);
        var first = keys.Current;

        _directory.Write("keys", $"{NewKey()}\nsecret-but-broken\n");
        keys.Refresh().ShouldBeFalse();
        keys.Refresh().ShouldBeFalse();
        keys.Current.ShouldBeSameAs(first);
        var warning = _log.AtLeast(LogLevel.Warning).ShouldHaveSingleItem();
        warning.ShouldContain(_directory.PathOf("keys"));
        warning.ShouldContain("line 2");
        warning.ShouldNotContain("secret-but-broken");

        // The old text again: what is in use and what is on disk agree once more, and the log says so.
        _directory.Write("keys", good);
        keys.Refresh().ShouldBeTrue();
        _log.AtLeast(LogLevel.Warning).Count.ShouldBe(1);
    }

    [Fact]
    public void A_file_that_vanishes_keeps_the_old_keys_and_is_logged_once()
    {
        var keys = Open(Keys(1));
        var first = keys.Current;

        File.Delete(_directory.PathOf("keys"));
        keys.Refresh().ShouldBeFalse();
        keys.Refresh().ShouldBeFalse();

        keys.Current.ShouldBeSameAs(first);
        _log.AtLeast(LogLevel.Warning).ShouldHaveSingleItem().ShouldContain(_directory.PathOf("keys"));
        _directory.Write("keys", Keys(1));
        keys.Refresh().ShouldBeTrue();
    }

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private static string Keys(int count) => string.Concat(Enumerable.Range(0, count).Select(_ => NewKey() + "\n"));

    private AgentOptions Options() => TestOptions.Default with { ClusterKeyFile = _directory.PathOf("keys") };

    private ClusterKeysFile Open(string text)
    {
        _directory.Write("keys", text);
        return new ClusterKeysFile(Options(), _log.For<ClusterKeysFile>());
    }
}
