using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Peili.Grpc.Tests.Support;

/// <summary>An HTTP/2 server without TLS on a unix socket, whose every answer a test writes itself, right or wrong.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly DirectoryInfo _directory;
    private readonly WebApplication _application;

    private TestServer(DirectoryInfo directory, WebApplication application)
    {
        _directory = directory;
        _application = application;
    }

    public string Address => "unix://" + SocketPath(_directory);

    public static async Task<TestServer> StartAsync(RequestDelegate answer)
    {
        var directory = Directory.CreateTempSubdirectory("peili-grpc-");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(100));
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.ListenUnixSocket(SocketPath(directory), listen => listen.Protocols = HttpProtocols.Http2);
            options.Limits.MinResponseDataRate = null;
        });
        var application = builder.Build();
        application.Run(answer);
        await application.StartAsync();
        return new TestServer(directory, application);
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    private static string SocketPath(DirectoryInfo directory) => Path.Combine(directory.FullName, "s.sock");
}
