using System.Globalization;
using System.Net;
using Peili.LocalCluster.Images;
using Peili.LocalCluster.Network;
using Peili.LocalCluster.Processes;

namespace Peili.LocalCluster.Upstream;

/// <summary>
/// The registry the cluster's images come from: Debian's docker-registry on the loopback of a machine of its own, where images are
/// pushed, and in front of it nginx, which is all that the nodes reach and which writes the log that requests and bytes are counted
/// from (docker-registry's own logs leave out the range asked for).
/// </summary>
public sealed class UpstreamRegistry : IAsyncDisposable
{
    /// <summary>The name and port that references begin with. It speaks plain HTTP.</summary>
    public const string Host = "upstream.test:5000";

    internal const string MachineName = "upstream.test";
    private const string RegistryAddress = "127.0.0.1:5001";
    private const string MarkAddress = "127.0.0.1:5002";
    private const string RefusingFile = "refusing";
    private const string HesitatingFile = "hesitating";

    private readonly string _directory;
    private readonly MachineProcess _registry;
    private readonly HttpClient _client;
    private MachineProcess? _front;
    private int _forgotten;

    private UpstreamRegistry(Machine machine, string directory, MachineProcess registry)
    {
        Machine = machine;
        _directory = directory;
        _registry = registry;
        _client = machine.CreateHttpClient();
        _client.Timeout = Timeout.InfiniteTimeSpan;
    }

    /// <summary>Its machine, whose link can be capped, counted and silenced.</summary>
    public Machine Machine { get; }

    private string LogFile => Path.Combine(_directory, "access.log");

    /// <summary>Puts an image into the registry. It passes no link of the cluster and is not counted; it works while the registry is stopped.</summary>
    public async Task<PushedImage> PushAsync(BuiltImage image, string repository, string tag, CancellationToken cancellationToken)
    {
        using var client = Machine.CreateHttpClient();
        client.BaseAddress = new Uri($"http://{RegistryAddress}/");
        client.Timeout = TimeSpan.FromMinutes(10);
        await new RegistryPush(client, repository).PushAsync(image, tag, cancellationToken);
        return new PushedImage(image, Host, repository, tag);
    }

    /// <summary>Makes the registry reachable (again).</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_front is null)
        {
            _front = await Machine.StartProcessAsync(
                "nginx", ["-c", Path.Combine(_directory, "nginx.conf"), "-e", "stderr"], cancellationToken: cancellationToken);
            await WaitForAnswerAsync($"http://{MarkAddress}/", _front, cancellationToken);
        }
    }

    /// <summary>Ends the registry: running answers break off, and connections are refused until <see cref="StartAsync(CancellationToken)"/>.</summary>
    public async Task StopAsync()
    {
        if (_front is { } front)
        {
            _front = null;
            await front.DisposeAsync();
        }
    }

    /// <summary>Has it answer 429 to whatever is asked from now on, or no longer; answers that are under way go on.</summary>
    public void Refuse(bool isRefusing) => Mark(RefusingFile, isRefusing);

    /// <summary>Has it begin one answer with a blob in six seconds, whatever was asked before: the others wait. Or no longer.</summary>
    public void Hesitate(bool isHesitating) => Mark(HesitatingFile, isHesitating);

    /// <summary>
    /// What nodes asked for since the last <see cref="ForgetRequestsAsync"/>, in the order in which the answers ended. Answers whose
    /// last byte has arrived are among them; those still under way are not.
    /// </summary>
    public async Task<IReadOnlyList<UpstreamRequest>> ReadRequestsAsync(CancellationToken cancellationToken)
    {
        var lines = await ReadLogAsync(cancellationToken);
        return [.. lines.Skip(_forgotten).Select(UpstreamRequest.Parse)];
    }

    /// <summary>Starts counting anew.</summary>
    public async Task ForgetRequestsAsync(CancellationToken cancellationToken) =>
        _forgotten = (await ReadLogAsync(cancellationToken)).Count;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await StopAsync();
        await _registry.DisposeAsync();
        await Machine.DisposeAsync();
    }

    internal static async Task<UpstreamRegistry> StartAsync(Machine machine, string directory, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(directory);
        var configuration = Path.Combine(directory, "registry.yml");
        await File.WriteAllTextAsync(configuration, RegistryConfiguration(directory), cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(directory, "nginx.conf"), FrontConfiguration(machine.Address, directory), cancellationToken);
        var process = await machine.StartProcessAsync("docker-registry", ["serve", configuration], cancellationToken: cancellationToken);
        var upstream = new UpstreamRegistry(machine, directory, process);
        await upstream.WaitForAnswerAsync($"http://{RegistryAddress}/v2/", process, cancellationToken);
        await upstream.StartAsync(cancellationToken);
        return upstream;
    }

    // nginx looks for these files at each request: no reload, which would end what is under way.
    private void Mark(string name, bool isSet)
    {
        var file = Path.Combine(_directory, name);
        if (isSet)
        {
            File.WriteAllText(file, "");
        }
        else
        {
            File.Delete(file);
        }
    }

    // One nginx worker handles one event after the other, and writes the log line when it has sent the last byte. So once it has
    // answered this request, everything it finished before is in the file.
    private async Task<IReadOnlyList<string>> ReadLogAsync(CancellationToken cancellationToken)
    {
        if (_front is not null)
        {
            using var mark = await _client.GetAsync(new Uri($"http://{MarkAddress}/"), cancellationToken);
        }

        return await File.ReadAllLinesAsync(LogFile, cancellationToken);
    }

    private async Task WaitForAnswerAsync(string url, MachineProcess process, CancellationToken cancellationToken)
    {
        var deadline = Environment.TickCount64 + 30_000;
        while (true)
        {
            try
            {
                using var answer = await _client.GetAsync(new Uri(url), cancellationToken);
                return;
            }
            catch (HttpRequestException) when (!process.Exited.IsCompleted && Environment.TickCount64 < deadline)
            {
                await Task.Delay(10, cancellationToken);
            }
            catch (HttpRequestException exception)
            {
                throw new InvalidOperationException($"the upstream registry does not answer: {process.Error}", exception);
            }
        }
    }

    private static string RegistryConfiguration(string directory) =>
        $$"""
          version: 0.1
          log: { level: error, accesslog: { disabled: true } }
          storage:
            filesystem: { rootdirectory: "{{directory}}/storage" }
            delete: { enabled: true }
          http: { addr: "{{RegistryAddress}}", secret: local }
          """;

    private static string FrontConfiguration(IPAddress address, string directory)
    {
        var port = Host[(Host.IndexOf(':', StringComparison.Ordinal) + 1)..];
        var listen = new IPEndPoint(address, int.Parse(port, CultureInfo.InvariantCulture));
        return $$"""
                 daemon off;
                 master_process off;
                 user root;
                 worker_processes 1;
                 pid {{directory}}/nginx.pid;
                 error_log stderr error;
                 events { worker_connections 4096; }
                 http {
                     log_format requests escape=json
                 {{UpstreamRequest.LogFormat}};
                     access_log off;
                     client_body_temp_path {{directory}}/body;
                     proxy_temp_path {{directory}}/proxy;
                     fastcgi_temp_path {{directory}}/fastcgi;
                     uwsgi_temp_path {{directory}}/uwsgi;
                     scgi_temp_path {{directory}}/scgi;
                     upstream registry { server {{RegistryAddress}}; keepalive 16; }
                     limit_req_zone $hesitating zone=hesitating:1m rate=10r/m;
                     server { listen {{MarkAddress}}; return 204; }
                     server {
                         listen {{listen}};
                         access_log {{directory}}/access.log requests;
                         proxy_http_version 1.1;
                         proxy_set_header Connection "";
                         proxy_set_header Host $http_host;
                         proxy_buffering off;
                         proxy_buffer_size 64k;
                         proxy_buffers 4 64k;
                         set $hesitating "";
                         if (-f {{directory}}/{{RefusingFile}}) { return 429; }
                         location / { proxy_pass http://registry; }
                         location /v2/ {
                             location ~ /blobs/ {
                                 if (-f {{directory}}/{{HesitatingFile}}) { set $hesitating yes; }
                                 limit_req zone=hesitating burst=100;
                                 proxy_pass http://registry;
                             }
                             proxy_pass http://registry;
                         }
                     }
                 }
                 """;
    }
}
