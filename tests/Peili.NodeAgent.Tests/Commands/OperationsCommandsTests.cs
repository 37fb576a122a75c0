using System.Text;
using System.Text.Json;
using Peili.NodeAgent.Operations;
using Peili.NodeAgent.Tests.Support;

namespace Peili.NodeAgent.Tests.Commands;

/// <summary><c>status</c> and <c>locate</c>, beside agents that answer this or that.</summary>
public sealed class OperationsCommandsTests
{
    private static readonly AgentStatus s_status = new(
        "1.2.3",
        "node-1",
        "containerd is not reachable",
        new ContainerdStatus(false, DateTimeOffset.UnixEpoch, null, null, "no such file", 0, 0),
        new OverlayStatus(
            "10.0.0.1:1", "eu-1", false, "10.0.0.9:1", 12, 0, 0, 0, 0,
            new Dictionary<string, long> { ["unknownKey"] = 3, ["forged"] = 2 },
            new Dictionary<string, long> { ["noCertificate"] = 4 },
            [
                new MemberReport("node-2", "10.0.0.2:1", "eu-1", "1.2.3", "alive", "ready", null),
                new MemberReport("node-3", "10.0.0.3:1", "eu-2", "1.2.3", "suspect", "ready", "UdpBlocked"),
            ]),
        new TransferTotals(1024, 2048, 0, 1, 2, 3),
        new RelayStatus(1, 2),
        []);

    [Fact]
    public async Task Status_says_what_is_wrong_and_ends_with_1()
    {
        var (status, output, _) = await RunAsync(JsonSerializer.Serialize(s_status, AgentStatusJson.Default.AgentStatus), "status");

        foreach (var said in new[]
        {
            "NOT READY: containerd is not reachable", "NOT CONNECTED: no such file", "zone eu-1, INSECURE, 12 blobs and tags announced",
            "NAME TAKEN: the agent at 10.0.0.9:1", "1 alive, 1 suspect", "1 KiB to containerd from this node, 2 KiB from others",
            "2 forged, 3 unknownKey datagrams", "4 noCertificate peers", "UdpBlocked",
        })
        {
            output.ShouldContain(said);
        }

        status.ShouldBe(1);
    }

    [Fact]
    public async Task Status_of_an_agent_alone_says_that_it_goes_on_looking()
    {
        var alone = s_status with { NotReady = null, Overlay = s_status.Overlay with { Members = [] } };

        var (status, output, _) = await RunAsync(JsonSerializer.Serialize(alone, AgentStatusJson.Default.AgentStatus), "status");

        output.ShouldContain("none: this node is alone");
        status.ShouldBe(0);
    }

    [Fact]
    public async Task Locate_says_of_each_node_whether_it_holds_it()
    {
        var report = new LocateReport("docker.io/library/redis:7", false,
        [
            new HolderReport("node-1", "10.0.0.1:1", "", Announced: true, Holds: true),
            new HolderReport("node-2", "10.0.0.2:1", "", Announced: false, Holds: true),
            new HolderReport("node-3", "10.0.0.3:1", "", Announced: true, Holds: false),
            new HolderReport("node-4", "10.0.0.4:1", "", Announced: true, Holds: null),
        ]);

        var (status, output, _) = await RunAsync(JsonSerializer.Serialize(report, AgentStatusJson.Default.LocateReport), "locate", "redis:7");

        foreach (var said in new[] { "yes\n", "yes, not announced yet", "no more", "does not answer", "there may be more" })
        {
            output.ShouldContain(said);
        }

        status.ShouldBe(0);
    }

    [Fact]
    public async Task Json_is_what_the_agent_said()
    {
        var said = JsonSerializer.Serialize(s_status, AgentStatusJson.Default.AgentStatus);

        (await RunAsync(said, "status", "--output", "json")).Output.Trim().ShouldBe(said.Trim());
    }

    [Theory]
    [InlineData("status")]
    [InlineData("locate redis")]
    public async Task Where_nobody_listens_the_address_is_named(string command)
    {
        var address = await FakePeer.RefusingAsync();

        var (status, _, errors) = await AgentExecutable.RunAsync([.. command.Split(' '), "--ops-address", $"{address}"]);

        FailsInOneLine(status, errors);
        errors.ShouldContain($"no agent answers on {address}");
        errors.ShouldContain("--ops-address");
    }

    [Theory]
    [InlineData(404, "text/plain", "not here")]
    [InlineData(200, "text/plain", "ok")]
    [InlineData(500, "application/json", "{}")]
    [InlineData(200, "application/json", "null")]
    [InlineData(200, "application/json", "{")]
    [InlineData(200, "application/json", "[]")]
    [InlineData(200, "application/json", "{}")]
    [InlineData(200, "application/json", """{"reference":"redis","complete":true,"holders":null}""")]
    public async Task What_is_no_agents_answer_is_told_in_one_line(int code, string contentType, string body)
    {
        foreach (var command in new[] { "status", "locate redis" })
        {
            await using var agent = Answering(code, contentType, body);
            var (status, _, errors) = await AgentExecutable.RunAsync([.. command.Split(' '), "--ops-address", $"{agent.Address}"]);

            FailsInOneLine(status, errors);
        }
    }

    [Fact]
    public async Task A_reference_that_the_agent_does_not_understand_is_a_wrong_use()
    {
        await using var agent = Answering(400, "text/plain", "ref must be a digest\n");

        var (status, _, errors) = await AgentExecutable.RunAsync(["locate", "sha256:1", "--ops-address", $"{agent.Address}"]);

        errors.ShouldBe("peili-agent: ref must be a digest\n");
        status.ShouldBe(64);
        agent.Requests.ShouldHaveSingleItem().Target.ShouldBe("/locate?ref=sha256%3A1");
    }

    private static void FailsInOneLine(int status, string errors)
    {
        errors.ShouldStartWith("peili-agent: ");
        errors.Count(character => character == '\n').ShouldBe(1, errors);
        status.ShouldBe(1);
    }

    private static async Task<(int Status, string Output, string Errors)> RunAsync(string answer, params string[] arguments)
    {
        await using var agent = Answering(200, "application/json", answer);
        return await AgentExecutable.RunAsync([.. arguments, "--ops-address", $"{agent.Address}"]);
    }

    private static FakePeer Answering(int code, string contentType, string body) => new(async exchange =>
    {
        await exchange.SendHeadAsync(code, ("Content-Type", contentType), ("Content-Length", $"{Encoding.UTF8.GetByteCount(body)}"));
        await exchange.SendAsync(Encoding.UTF8.GetBytes(body));
    });
}
