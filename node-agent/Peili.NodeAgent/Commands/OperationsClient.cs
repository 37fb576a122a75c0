using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Peili.NodeAgent.Commands;

/// <summary>Asks the agent that runs on this node, by its listener for probes and status.</summary>
internal static class OperationsClient
{
    private const int MaxAnswer = 64 * 1024 * 1024;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>Reads an answer as JSON bytes.</summary>
    /// <exception cref="IOException">Nobody answers there, or it is no answer of an agent.</exception>
    /// <exception cref="UsageException">The agent says that the question is wrong.</exception>
    public static async Task<byte[]> GetAsync(IPEndPoint agent, string pathAndQuery, CancellationToken cancellationToken)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
        client.Timeout = Timeout;
        client.MaxResponseContentBufferSize = MaxAnswer;
        try
        {
            using var answer = await client.GetAsync(new Uri($"http://{agent}{pathAndQuery}"), cancellationToken);
            var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
            return answer.StatusCode switch
            {
                HttpStatusCode.OK when answer.Content.Headers.ContentType?.MediaType == "application/json" => body,
                HttpStatusCode.BadRequest => throw new UsageException(System.Text.Encoding.UTF8.GetString(body).Trim()),
                var code => throw new IOException($"what listens on {agent} is no agent of this version: it answered {pathAndQuery} with HTTP status {(int)code}. --ops-address says where the agent is asked; the agent's own option of that name says where it listens"),
            };
        }
        catch (Exception exception) when (exception is HttpRequestException or SocketException)
        {
            throw new IOException($"no agent answers on {agent}: {exception.Message}. See whether it runs on this node (systemctl status peili-agent, or kubectl -n peili-system get pods -o wide), and where it listens (--ops-address)", exception);
        }
        catch (TaskCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"the agent on {agent} did not answer within {Timeout.TotalSeconds:0} s. It may hang: its log says why (journalctl -u peili-agent, or kubectl -n peili-system logs POD), and its supervisor restarts it", exception);
        }
    }

    /// <summary>Reads an answer's JSON.</summary>
    /// <exception cref="InvalidDataException">It is not what an agent of this version says.</exception>
    public static T Read<T>(byte[] answer, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(answer, type) ?? throw new InvalidDataException("the agent's answer is empty");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"the agent's answer is not that of an agent of this version: {exception.Message}", exception);
        }
    }
}
