using Peili.Bench.Clients;
using Peili.Bench.Results;
using Peili.Bench.Servers;

namespace Peili.Bench.Measurements;

/// <summary>The agent and nginx under the same load in turn: A B A B.</summary>
/// <param name="name">The load, in a few words.</param>
internal sealed class Contest(string name)
{
    private readonly List<LoadResult> _agent = [];
    private readonly List<LoadResult> _nginx = [];
    private double _agentProcessorTime;
    private double _nginxProcessorTime;

    /// <summary>The load, in a few words.</summary>
    public string Name => name;

    /// <summary>Gbit/s, the median.</summary>
    public double AgentSpeed => _agent.Select(result => result.GigabitsPerSecond).Median();

    /// <summary>Gbit/s, the median.</summary>
    public double NginxSpeed => _nginx.Select(result => result.GigabitsPerSecond).Median();

    /// <summary>The median of every round's ratio: what else the machine does changes from round to round, much less within one.</summary>
    public double Ratio => _agent.Zip(_nginx, (agent, nginx) => agent.GigabitsPerSecond / nginx.GigabitsPerSecond).Median();

    /// <summary>Processor seconds for a GiB.</summary>
    public double AgentCost => _agentProcessorTime / _agent.Sum(result => result.Gibibytes);

    /// <summary>Processor seconds for a GiB.</summary>
    public double NginxCost => _nginxProcessorTime / _nginx.Sum(result => result.Gibibytes);

    /// <summary>Puts the load on either server, <paramref name="rounds"/> times.</summary>
    public async Task RunAsync(Server agent, Server nginx, int rounds, Func<Server, Task<LoadResult>> load)
    {
        for (var i = 0; i < rounds; i++)
        {
            _agentProcessorTime += await MeasureAsync(agent, load, _agent);
            _nginxProcessorTime += await MeasureAsync(nginx, load, _nginx);
        }
    }

    private static async Task<double> MeasureAsync(Server server, Func<Server, Task<LoadResult>> load, List<LoadResult> results)
    {
        var before = ProcessorTime.Of(server.ProcessId);
        results.Add(await load(server));
        return ProcessorTime.Of(server.ProcessId) - before;
    }
}
