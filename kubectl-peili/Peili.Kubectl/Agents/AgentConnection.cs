using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Peili.Kubectl.Api;
using Peili.Kubectl.Commands;
using Peili.NodeAgent.Commands;

namespace Peili.Kubectl.Agents;

/// <summary>Asks one agent, through a forwarded port.</summary>
internal sealed class AgentConnection : IAsyncDisposable
{
    private const int MaxAnswer = 64 * 1024 * 1024;
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);

    private readonly Agent _agent;
    private readonly PortForward _forward;
    private readonly HttpClient _http;

    private AgentConnection(Agent agent, PortForward forward)
    {
        (_agent, _forward) = (agent, forward);
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
        {
            BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{forward.LocalPort}")),
            Timeout = s_timeout,
            MaxResponseContentBufferSize = MaxAnswer,
        };
    }

    /// <summary>Opens the way to an agent.</summary>
    /// <exception cref="AgentException">There is no way to it.</exception>
    public static async Task<AgentConnection> OpenAsync(Installation installation, Agent agent, CancellationToken cancellationToken) =>
        new(agent, await PortForward.OpenAsync(installation, agent.PodName, agent.Port, cancellationToken));

    /// <summary>Reads an answer.</summary>
    /// <exception cref="AgentException">It does not answer, or refuses.</exception>
    /// <exception cref="UsageException">It says that the question is wrong.</exception>
    public async Task<byte[]> GetAsync(string pathAndQuery, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri(pathAndQuery, UriKind.Relative), cancellationToken);
            var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
            return answer.StatusCode switch
            {
                HttpStatusCode.OK => body,
                HttpStatusCode.BadRequest => throw new UsageException(Encoding.UTF8.GetString(body).Trim()),
                var code => throw new AgentException($"the agent of node {_agent.Node} answered {pathAndQuery} with HTTP status {(int)code}: {Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, 200))).Trim()}"),
            };
        }
        catch (HttpRequestException exception)
        {
            throw new AgentException($"the agent of node {_agent.Node} (pod {_agent.PodName}) does not answer: {(_forward.Errors is { Length: > 0 } errors ? errors : exception.Message)}", exception);
        }
        catch (TaskCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new AgentException($"the agent of node {_agent.Node} (pod {_agent.PodName}) did not answer within {s_timeout.TotalSeconds:0} s", exception);
        }
    }

    /// <summary>Reads an answer's JSON.</summary>
    /// <exception cref="AgentException">It does not answer, or not as an agent of this version does.</exception>
    /// <exception cref="UsageException">It says that the question is wrong.</exception>
    public async Task<(byte[] Json, T Answer)> GetAsync<T>(string pathAndQuery, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        var json = await GetAsync(pathAndQuery, cancellationToken);
        try
        {
            return (json, JsonSerializer.Deserialize(json, type) ?? throw new JsonException("null"));
        }
        catch (JsonException exception)
        {
            throw new AgentException($"the agent of node {_agent.Node} is of another version than this plugin ({PluginVersion.Current}): its answer to {pathAndQuery} cannot be read: {exception.Message}", exception);
        }
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return _forward.DisposeAsync();
    }
}
