using Microsoft.Extensions.Logging;
using Peili.NodeAgent.Configuration;
using Peili.NodeAgent.Membership;
using Peili.NodeAgent.Tests.Support;

namespace Peili.NodeAgent.Tests.Membership;

public sealed class SeedsTests : IDisposable
{
    private readonly TestDirectory _directory = new();
    private readonly CapturedLog _log = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Without_any_seed_there_is_none() => (await ResolveAsync(Seeds(null))).ShouldBeEmpty();

    [Theory]
    [InlineData("10.0.0.1:1", "10.0.0.1:1")]
    [InlineData("[fd00::1]:2", "[fd00::1]:2")]
    [InlineData("[::ffff:10.0.0.1]:1", "10.0.0.1:1")]
    public async Task An_address_is_itself(string seed, string address)
    {
        (await ResolveAsync(Seeds(null, seed))).ShouldBe([address]);
        _log.AtLeast(LogLevel.Warning).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_name_stands_for_its_addresses() =>
        (await ResolveAsync(Seeds(null, "localhost:7"))).ShouldBeSubsetOf(["127.0.0.1:7", "[::1]:7"]);

    [Fact]
    public async Task A_name_stands_for_one_address_at_least() => (await ResolveAsync(Seeds(null, "localhost:7"))).ShouldNotBeEmpty();

    [Fact]
    public async Task What_is_said_twice_counts_once() =>
        (await ResolveAsync(Seeds(_directory.Write("seeds", "10.0.0.1:1\n10.0.0.2:1\n"), "10.0.0.1:1", "10.0.0.1:1", "[::ffff:10.0.0.2]:1")))
            .ShouldBe(["10.0.0.1:1", "10.0.0.2:1"], ignoreOrder: true);

    [Fact]
    public async Task A_file_has_one_seed_a_line_and_may_change_at_any_time()
    {
        var file = _directory.Write("seeds", "# the first three\n\n 10.0.0.1:1 \r\n[fd00::1]:2\n");
        var seeds = Seeds(file);

        (await ResolveAsync(seeds)).ShouldBe(["10.0.0.1:1", "[fd00::1]:2"]);
        _directory.Write("seeds", "10.0.0.3:1");
        (await ResolveAsync(seeds)).ShouldBe(["10.0.0.3:1"]);
        _log.AtLeast(LogLevel.Warning).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_bad_line_is_named_with_its_file_and_the_others_count()
    {
        var file = _directory.Write("seeds", "10.0.0.1\n10.0.0.2:0\n10.0.0.3:1\nfd00::1\n");

        (await ResolveAsync(Seeds(file))).ShouldBe(["10.0.0.3:1"]);

        var warning = _log.AtLeast(LogLevel.Warning).ShouldHaveSingleItem();
        warning.ShouldContain(file);
        warning.ShouldContain("\"10.0.0.1\"");
        warning.ShouldContain("\"10.0.0.2:0\"");
        warning.ShouldContain("\"fd00::1\"");
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_logged_once_and_the_other_seeds_count()
    {
        var seeds = Seeds(_directory.PathOf("absent"), "10.0.0.1:1");

        (await ResolveAsync(seeds)).ShouldBe(["10.0.0.1:1"]);
        (await ResolveAsync(seeds)).ShouldBe(["10.0.0.1:1"]);

        _log.AtLeast(LogLevel.Warning).ShouldHaveSingleItem().ShouldContain(_directory.PathOf("absent"));
    }

    [Fact]
    public async Task A_file_of_more_than_a_mebibyte_is_not_read()
    {
        var file = _directory.Write("seeds", "10.0.0.1:1\n" + new string('#', 1024 * 1024));

        (await ResolveAsync(Seeds(file, "10.0.0.2:1"))).ShouldBe(["10.0.0.2:1"]);

        _log.AtLeast(LogLevel.Warning).ShouldHaveSingleItem().ShouldContain(file);
    }

    [Fact]
    public async Task A_file_of_the_wrong_kind_makes_no_long_log()
    {
        var file = _directory.Write("seeds", string.Concat(Enumerable.Range(0, 10_000).Select(number => $"line {number}\n")) + new string('x', 500_000));

        (await ResolveAsync(Seeds(file, "10.0.0.2:1"))).ShouldBe(["10.0.0.2:1"]);

        _log.AtLeast(LogLevel.Warning).ShouldHaveSingleItem().Length.ShouldBeLessThan(10_000);
    }

    [Fact]
    public async Task Of_very_many_seeds_in_a_file_the_first_thousand_count()
    {
        var file = _directory.Write("seeds", string.Concat(Enumerable.Range(0, 5000).Select(number => $"10.0.{number / 250}.{number % 250}:1\n")));

        (await ResolveAsync(Seeds(file))).Length.ShouldBe(1000);

        _log.AtLeast(LogLevel.Warning).ShouldHaveSingleItem().ShouldContain(file);
    }

    [Theory]
    [InlineData("seed.invalid")]
    [InlineData("a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.invalid")]
    public async Task A_name_that_does_not_resolve_is_logged_and_the_others_count(string name)
    {
        (await ResolveAsync(Seeds(_directory.Write("seeds", $"{name}:1\n10.0.0.1:1\n")))).ShouldBe(["10.0.0.1:1"]);

        _log.AtLeast(LogLevel.Warning).ShouldHaveSingleItem().ShouldContain("invalid");
    }

    [Fact]
    public async Task The_same_problem_is_logged_again_only_after_it_was_gone()
    {
        var seeds = Seeds(_directory.Write("seeds", "bad"));
        await ResolveAsync(seeds);
        await ResolveAsync(seeds);
        _log.AtLeast(LogLevel.Warning).Count.ShouldBe(1);

        _directory.Write("seeds", "10.0.0.1:1");
        await ResolveAsync(seeds);
        _log.AtLeast(LogLevel.Warning).Count.ShouldBe(1);

        _directory.Write("seeds", "bad");
        await ResolveAsync(seeds);
        _log.AtLeast(LogLevel.Warning).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Who_stops_waiting_gets_no_answer()
    {
        using var stopped = new CancellationTokenSource();
        await stopped.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(async () => await Seeds(null, "localhost:1").ResolveAsync(stopped.Token));
    }

    private static async Task<string[]> ResolveAsync(Seeds seeds) =>
        [.. (await seeds.ResolveAsync(TestContext.Current.CancellationToken)).Select(address => address.ToString())];

    private Seeds Seeds(string? file, params string[] seeds) => new(
        TestOptions.Default with { Seeds = [.. seeds.Select(Parse)], SeedFile = file }, _log.For<Seeds>());

    private static HostAndPort Parse(string text)
    {
        HostAndPort.TryParse(text, out var seed).ShouldBeTrue();
        return seed;
    }
}
