using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Peili.NodeAgent.Checks;
using Peili.NodeAgent.Operations;

namespace Peili.Kubectl.Tests.Support;

/// <summary>
/// Stands in for an agent, and for the kubectl that forwards to it, so that both can fail as a test wants it; real ones are asked on real nodes. It answers as the agent's own records are
/// written.
/// </summary>
internal sealed class AgentStandIn : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly int _port;

    public AgentStandIn(LocateReport? located = null, CheckReport? checkedNow = null)
    {
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            _port = ((IPEndPoint)probe.LocalEndpoint).Port;
        }

        _listener.Prefixes.Add($"http://127.0.0.1:{_port}/");
        _listener.Start();
        _ = ServeAsync(located, checkedNow);
    }

    /// <summary>Where the kubectl is that forwards to this agent, whatever pod it is told.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("peili-forward-").FullName;

    /// <summary>What it was asked.</summary>
    public List<string> Questions { get; } = [];

    /// <summary>Puts the kubectl there.</summary>
    /// <param name="broken">Pods to which it cannot forward.</param>
    public AgentStandIn Forwarding(params string[] broken)
    {
        var path = Path.Combine(Folder, "kubectl");
        File.WriteAllText(
            path,
            $"""
            #!/bin/sh
            for word; do case $word in pod/*) pod=$word;; esac; done
            case " {string.Join(' ', broken.Select(pod => $"pod/{pod}"))} " in
            *" $pod "*) echo "error: $pod cannot be reached" >&2; exit 1;;
            esac
            echo "Forwarding from 127.0.0.1:{_port} -> 29952"
            exec sleep 60

            """);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return this;
    }

    public void Dispose()
    {
        _listener.Close();
        Directory.Delete(Folder, recursive: true);
    }

    private async Task ServeAsync(LocateReport? located, CheckReport? checkedNow)
    {
        while (_listener.IsListening)
        {
            HttpListenerContext http;
            try
            {
                http = await _listener.GetContextAsync();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            Questions.Add(http.Request.RawUrl!);
            var answer = http.Request.Url!.AbsolutePath switch
            {
                "/locate" when located is not null => JsonSerializer.Serialize(located, AgentStatusJson.Default.LocateReport),
                "/check" when checkedNow is not null => JsonSerializer.Serialize(checkedNow, CheckReportJson.Default.CheckReport),
                "/metrics" => "# TYPE peili_agent_ready gauge\npeili_agent_ready 1\n",
                "/status" => """{"nodeName": "node-a", "registryToken": "MARKER-status"}""",
                _ => null,
            };
            http.Response.StatusCode = answer is null ? 503 : 200;
            http.Response.Close(Encoding.UTF8.GetBytes(answer ?? "not yet\n"), willBlock: false);
        }
    }
}
