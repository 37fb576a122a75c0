using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Peili.NodeAgent.Operations;
using Peili.NodeAgent.Tests.Support;

namespace Peili.NodeAgent.Tests.Commands;

/// <summary><c>--watch</c> in pipes and on a terminal, beside an agent that stops answering and comes back.</summary>
public sealed class WatchTests
{
    private const int Terminate = 15;

    private static readonly AgentStatus s_status = new(
        "1.2.3",
        "node-1",
        null,
        new ContainerdStatus(true, DateTimeOffset.UnixEpoch, "1.6.20", "/content", null, 4, 12),
        new OverlayStatus(
            "10.0.0.1:1", "", true, null, 12, 0, 0, 0, 0, new Dictionary<string, long>(), new Dictionary<string, long>(),
            [new MemberReport("node-2", "10.0.0.2:1", "eu-1", "1.2.3", "suspect", "ready", null)]),
        new TransferTotals(0, 0, 0, 0, 0, 0),
        new RelayStatus(0, 0),
        [],
        new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));

    private static readonly AgentStatus s_restarted = s_status with
    {
        Overlay = s_status.Overlay with { Members = [s_status.Overlay.Members[0] with { State = "alive" }] },
        Started = s_status.Started!.Value.AddHours(1),
    };

    private int _asked;

    [Fact]
    public async Task A_pipe_gets_what_changes_and_is_told_that_the_agent_restarted()
    {
        await using var agent = Restarting();
        await using var watch = AgentExecutable.Start([.. Watch(agent)]);

        var lines = await ReadUntilAsync(watch, line => line.Contains("+ node-2", StringComparison.Ordinal));
        watch.Signal(Terminate);

        (await watch.WaitAsync()).ShouldBe(0);
        lines[0].ShouldBe("node        node-1");
        lines.ShouldContain(line => line.StartsWith("node-2", StringComparison.Ordinal) && line.Contains("suspect", StringComparison.Ordinal));
        var later = lines.SkipWhile(line => !line.Contains(" ! ", StringComparison.Ordinal)).ToList();
        later[0].ShouldContain($"no agent answers on {agent.Address}");
        later[0].ShouldEndWith("(asking again every 0.1 s)");
        later[1].ShouldContain(" ! it answers again: restarted at ");
        later.Skip(2).ShouldAllBe(line => line.Contains(" - ", StringComparison.Ordinal) || line.Contains(" + ", StringComparison.Ordinal));
        later.ShouldContain(line => line.Contains(" - node-2", StringComparison.Ordinal) && line.Contains("suspect", StringComparison.Ordinal));
        later[^1].ShouldContain("alive");
        later.ShouldNotContain(line => line.Contains("containerd", StringComparison.Ordinal), "that did not change");
    }

    [Fact]
    public async Task Programs_get_each_answer_that_differs_as_a_document()
    {
        await using var agent = Restarting();
        await using var watch = AgentExecutable.Start([.. Watch(agent), "--output", "yaml"]);

        var lines = await ReadUntilAsync(watch, line => line == "---");
        lines.AddRange(await ReadUntilAsync(watch, line => line.StartsWith("lastMirrored", StringComparison.Ordinal)));
        watch.Signal(Terminate);

        (await watch.WaitAsync()).ShouldBe(0);
        lines.Count(line => line.StartsWith("version:", StringComparison.Ordinal)).ShouldBe(2);
        lines.ShouldNotContain(line => line.Contains("answers", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_terminal_is_drawn_again_in_place_and_Ctrl_C_gives_it_back()
    {
        await using var agent = Restarting();
        await using var terminal = new PseudoTerminal($"peili-agent {string.Join(' ', Watch(agent))}");

        var drawn = await terminal.WaitForAsync("\e[33msuspect\e[0m");
        var silent = await terminal.WaitForAsync("no agent answers on", drawn);
        var answered = await terminal.WaitForAsync("it answers again: restarted at ", silent);
        await terminal.WaitForAsync("\e[32malive\e[0m", answered);
        await terminal.TypeAsync("\x03");

        (await terminal.WaitAsync()).ShouldBe(0);
        terminal.Seen.ShouldContain("\e[?1049h");
        terminal.Seen[..drawn].ShouldContain("\e[H");
        var left = terminal.Seen[terminal.Seen.IndexOf("\e[?1049l", StringComparison.Ordinal)..];
        left.ShouldContain("alive");
        left.ShouldNotContain("\e[K");
    }

    [Fact]
    public async Task NO_COLOR_and_the_width_are_respected_on_a_terminal()
    {
        await using var agent = Answering(s_restarted);
        await using var terminal = new PseudoTerminal($"peili-agent status --ops-address {agent.Address}", KeyValuePair.Create("NO_COLOR", "1"));

        (await terminal.WaitAsync()).ShouldBe(0);

        terminal.Seen.ShouldNotContain("\e[3");
        terminal.Seen.ShouldNotContain("\e[0m");
        terminal.Seen.ShouldContain("alive");
        terminal.Seen.Split("\r\n").ShouldAllBe(line => line.Length <= 60);
    }

    [Fact]
    public async Task What_takes_long_says_so_on_a_terminal_and_leaves_no_trace()
    {
        var go = new TaskCompletionSource();
        await using var agent = new FakePeer(async exchange =>
        {
            await go.Task;
            await SendAsync(exchange, s_status);
        });
        await using var terminal = new PseudoTerminal($"peili-agent status --ops-address {agent.Address}");

        await terminal.WaitForAsync("\rasking the agent ... ");
        go.SetResult();

        (await terminal.WaitAsync()).ShouldBe(0);
        terminal.Seen.ShouldContain("\r\e[Knode        node-1");
    }

    [Fact]
    public async Task It_ends_when_nobody_reads_any_more()
    {
        await using var agent = Answering(s_status);
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-c", $"\"$0\" {string.Join(' ', Watch(agent))} | head -1; echo ${{PIPESTATUS[0]}}", Path.Combine(AppContext.BaseDirectory, "peili-agent")])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;

        (await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)).ShouldBe("node        node-1\n0\n");
    }

    private static string[] Watch(FakePeer agent) => ["status", "--watch", "--interval", "0.1", "--ops-address", $"{agent.Address}"];

    /// <summary>Answers, hangs up more often than HttpClient tries for one question, and answers as one that was started later.</summary>
    private FakePeer Restarting() => new(exchange => Interlocked.Increment(ref _asked) switch
    {
        <= 3 => SendAsync(exchange, s_status),
        <= 20 => HangUp(exchange),
        _ => SendAsync(exchange, s_restarted),
    });

    private static Task HangUp(FakeExchange exchange)
    {
        exchange.Close();
        return Task.CompletedTask;
    }

    private static FakePeer Answering(AgentStatus status) => new(exchange => SendAsync(exchange, status));

    private static async Task SendAsync(FakeExchange exchange, AgentStatus status)
    {
        var body = JsonSerializer.Serialize(status, AgentStatusJson.Default.AgentStatus);
        await exchange.SendHeadAsync(200, ("Content-Type", "application/json"), ("Content-Length", $"{Encoding.UTF8.GetByteCount(body)}"));
        await exchange.SendAsync(Encoding.UTF8.GetBytes(body));
    }

    private static async Task<List<string>> ReadUntilAsync(AgentExecutable watch, Func<string, bool> isLast)
    {
        var lines = new List<string>();
        do
        {
            var line = await watch.Output.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(60));
            lines.Add(line.ShouldNotBeNull(string.Join('\n', lines)));
        }
        while (!isLast(lines[^1]));

        return lines;
    }
}
