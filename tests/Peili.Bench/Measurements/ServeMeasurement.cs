using System.Globalization;
using System.Net;
using Peili.Bench.Clients;
using Peili.Bench.Results;
using Peili.Bench.Servers;
using Peili.LocalCluster.Agents;
using Peili.LocalCluster.Network;
using Peili.Reporting;
using Spectre.Console;

namespace Peili.Bench.Measurements;

/// <summary>One blob of 1 GiB from page cache over HTTP on the loopback of one machine: the agent's peer listener against nginx with sendfile.</summary>
internal sealed class ServeMeasurement(Workbench bench, Screen screen, CancellationToken cancellationToken)
{
    private const int WarmUpRounds = 2;
    private const int Rounds = 9;
    private const int LongRounds = 5;
    private const int ManyConnections = 8;
    private static readonly TimeSpan WrkDuration = TimeSpan.FromSeconds(3);

    private Machine Machine => bench.Holder.Machine;

    public async Task<IReadOnlyList<Figure>> RunAsync()
    {
        await using var nginx = await Nginx.StartAsync(
            Machine, Path.Combine(bench.Holder.Directory, "nginx"), bench.LargeFile, cancellationToken);
        var agent = new Server(new IPEndPoint(IPAddress.Loopback, AgentProcess.PeerPort), bench.LargePath, bench.Holder.Agent.Process.Id);
        async Task<Contest> RunAsync(string name, int rounds, Func<Server, Task<LoadResult>> load)
        {
            screen.Step($"{name}, {rounds} rounds");
            var contest = new Contest(name);
            await contest.RunAsync(agent, nginx.Server, rounds, load);
            return contest;
        }

        await RunAsync("1 connection, not counted", WarmUpRounds, server => GetAsync(server, 1));
        var one = await RunAsync("1 connection", Rounds, server => GetAsync(server, 1));
        var many = await RunAsync($"{ManyConnections} connections", LongRounds, server => GetAsync(server, ManyConnections));
        var oneWrk = await RunAsync("1 connection, wrk", LongRounds, server => WrkAsync(server, 1));
        var manyWrk = await RunAsync($"{ManyConnections} connections, wrk", LongRounds, server => WrkAsync(server, ManyConnections));
        Show([one, many, oneWrk, manyWrk]);
        return
        [
            new Figure("serve.http.vs_nginx", "1 GiB, 1 connection, agent / nginx", one.Ratio, "x", Target.AtLeast(1.3)),
            new Figure("serve.http.gbps", "1 GiB, 1 connection", one.AgentSpeed, "Gbit/s"),
            new Figure("serve.http.8.vs_nginx", "1 GiB, 8 connections, agent / nginx", many.Ratio, "x"),
            new Figure("serve.http.8.gbps", "1 GiB, 8 connections", many.AgentSpeed, "Gbit/s"),
            new Figure("serve.http.wrk.vs_nginx", "the same with wrk, 1 connection", oneWrk.Ratio, "x"),
            new Figure("serve.http.8.wrk.vs_nginx", "the same with wrk, 8 connections", manyWrk.Ratio, "x"),
            new Figure("serve.cpu_s_per_gib", "CPU of the agent, 1 connection", one.AgentCost, "s/GiB"),
            new Figure("nginx.cpu_s_per_gib", "CPU of nginx, 1 connection", one.NginxCost, "s/GiB"),
        ];
    }

    private Task<LoadResult> GetAsync(Server server, int connections) =>
        LoadClient.RunAsync(Machine, new Load(server.Address, "GET", server.Path) { Connections = connections }, cancellationToken);

    private Task<LoadResult> WrkAsync(Server server, int connections) =>
        Wrk.RunAsync(
            Machine,
            bench.Cluster.Directory,
            new Load(server.Address, "GET", server.Path) { Connections = connections },
            WrkDuration,
            cancellationToken);

    private void Show(IEnumerable<Contest> contests)
    {
        var table = screen.NewTable("serving 1 GiB, HTTP", ">agent Gbit/s", ">nginx Gbit/s", ">ratio", ">agent CPU s/GiB", ">nginx CPU s/GiB");
        foreach (var contest in contests)
        {
            table.AddRow(
                [contest.Name, .. new[] { contest.AgentSpeed, contest.NginxSpeed, contest.Ratio, contest.AgentCost, contest.NginxCost }.Select(
                    value => value.ToString(value < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture))]);
        }

        screen.Show(table);
    }
}
