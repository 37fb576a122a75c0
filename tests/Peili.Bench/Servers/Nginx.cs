using System.Net;
using System.Net.Sockets;
using Peili.LocalCluster.Network;
using Peili.LocalCluster.Processes;

namespace Peili.Bench.Servers;

/// <summary>nginx with sendfile, serving one file on the loopback of a machine: what the agent is measured against.</summary>
internal sealed class Nginx : IAsyncDisposable
{
    private const string FileName = "blob";
    private static readonly IPEndPoint Address = new(IPAddress.Loopback, 8080);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly MachineProcess _process;

    private Nginx(MachineProcess process) => _process = process;

    public Server Server => new(Address, $"/{FileName}", _process.Id);

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    /// <summary>Starts it in <paramref name="directory"/>, which must be on the file system of <paramref name="blob"/>: the file is linked there.</summary>
    /// <exception cref="InvalidOperationException">It did not start; the message has what it said.</exception>
    public static async Task<Nginx> StartAsync(Machine machine, string directory, string blob, CancellationToken cancellationToken)
    {
        var root = Path.Combine(Directory.CreateDirectory(directory).FullName, "root");
        Directory.CreateDirectory(root);

        // The same inode, so that both servers send the same pages of the page cache.
        var link = await machine.RunAsync("ln", [blob, Path.Combine(root, FileName)], cancellationToken);
        link.OutputOrThrow("ln");
        var configuration = Path.Combine(directory, "nginx.conf");
        await File.WriteAllTextAsync(configuration, Configuration(directory, root), cancellationToken);
        var process = await machine.StartProcessAsync("nginx", ["-c", configuration, "-e", "stderr"], cancellationToken: cancellationToken);
        await WaitForListenerAsync(machine, process, cancellationToken);
        return new Nginx(process);
    }

    private static async Task WaitForListenerAsync(Machine machine, MachineProcess process, CancellationToken cancellationToken)
    {
        var deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (true)
        {
            try
            {
                using var connection = await machine.ConnectAsync(Address, cancellationToken);
                return;
            }
            catch (SocketException) when (!process.Exited.IsCompleted && Environment.TickCount64 < deadline)
            {
                await Task.Delay(10, cancellationToken);
            }
            catch (SocketException exception)
            {
                throw new InvalidOperationException($"nginx does not answer: {process.Error}", exception);
            }
        }
    }

    private static string Configuration(string directory, string root) =>
        $$"""
          daemon off;
          user root;
          worker_processes auto;
          pid {{directory}}/nginx.pid;
          error_log stderr error;
          events { worker_connections 1024; }
          http {
              access_log off;
              sendfile on;
              tcp_nopush on;
              keepalive_requests 1000000;
              default_type application/octet-stream;
              client_body_temp_path {{directory}}/body;
              proxy_temp_path {{directory}}/proxy;
              fastcgi_temp_path {{directory}}/fastcgi;
              uwsgi_temp_path {{directory}}/uwsgi;
              scgi_temp_path {{directory}}/scgi;
              server {
                  listen {{Address}};
                  root {{root}};
              }
          }
          """;
}
