using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Peili.Containerd;
using Peili.Containerd.Tests.Support;
using Peili.NodeAgent.ColdStart;
using Peili.NodeAgent.Hosting;
using Peili.NodeAgent.Metrics;
using Peili.NodeAgent.Registry;
using Peili.NodeAgent.Tests.Support;
using Peili.NodeAgent.Transfers;

namespace Peili.NodeAgent.Tests.Transfers;

/// <summary>On the real server, with a clock that stands still.</summary>
public sealed class LocalSenderTests : IAsyncDisposable
{
    private readonly DirectoryInfo _store = Directory.CreateTempSubdirectory("peili-store-");
    private readonly ManualTimeProvider _time = new();
    private readonly AgentMeters _meters = new();
    private readonly TransferStatistics _statistics;
    private readonly TestBlob _blob = TestBlob.Random(8 * TestBlob.Large);
    private readonly WebApplication _server;
    private int _connections;

    public LocalSenderTests()
    {
        _statistics = new TransferStatistics(_time, _meters);
        var blobs = _store.CreateSubdirectory("blobs").CreateSubdirectory("sha256");
        File.WriteAllBytes(Path.Combine(blobs.FullName, _blob.Digest.Hex), _blob.Bytes);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Use(next => async connection =>
            {
                Interlocked.Increment(ref _connections);
                await next(connection);
                Interlocked.Decrement(ref _connections);
            }));
        });
        _server = builder.Build();
        _server.Run(async http =>
        {
            RegistryPath.TryParse(http.Request.Path.Value!, out var path, out _).ShouldBeTrue();
            using var content = new LocalBlob(_blob.Digest, "application/octet-stream", new ContentStore(_store.FullName).TryOpenBlob(_blob.Digest)!);
            await new LocalSender(new BlobSender(_statistics, new UploadRate(null, _time), _time), NullLogger<LocalSender>.Instance)
                .SendAsync(new MirrorRequest(http, Listener.Registry, new ContentRequest(path, null), null, Asked: 0), content);
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _meters.Dispose();
        _store.Delete(recursive: true);
    }

    [Fact]
    public async Task A_client_that_stops_reading_is_let_go_after_two_minutes()
    {
        await _server.StartAsync(TestContext.Current.CancellationToken);
        using var client = await RawClient.ConnectAsync(IPEndPoint.Parse(new Uri(_server.Urls.Single()).Authority), receiveBuffer: 4096);
        await client.SendAsync("GET", _blob.Path);
        var answer = await client.ReadHeadAsync();
        await StandsStillAsync();

        _time.Advance(TransferLimits.ClientStall * 0.9);
        _statistics.Active.ShouldHaveSingleItem();
        _time.Advance(TransferLimits.ClientStall * 0.2);

        await Eventually.IsTrueAsync(() => !_statistics.Active.Any(), "the transfer ends");
        await Eventually.IsTrueAsync(() => Volatile.Read(ref _connections) == 0, "the connection ends, though the client keeps it");
        await client.ReadBodyAsync(answer);
        answer.EndedShort.ShouldBeTrue();
    }

    [Fact]
    public async Task A_slow_client_gets_everything()
    {
        await _server.StartAsync(TestContext.Current.CancellationToken);
        using var client = await RawClient.ConnectAsync(IPEndPoint.Parse(new Uri(_server.Urls.Single()).Authority), receiveBuffer: 4096);
        await client.SendAsync("GET", _blob.Path);
        var answer = await client.ReadHeadAsync();
        for (var part = 1; part <= 4; part++)
        {
            await StandsStillAsync();
            _time.Advance(TransferLimits.ClientStall * 0.9);
            await client.ReadBodyAsync(answer, atMost: (long)_blob.Length * part / 4);
        }

        answer.Body.ToArray().AsSpan().SequenceEqual(_blob.Bytes).ShouldBeTrue();
    }

    /// <summary>Waits until the buffers between the server and a client that reads nothing are full.</summary>
    private async Task StandsStillAsync()
    {
        var before = -1L;
        var rounds = 0;
        await Eventually.IsTrueAsync(
            () =>
            {
                var now = _statistics.LocalBytes;
                rounds = now == before ? rounds + 1 : 0;
                before = now;
                return rounds > 20;
            },
            "the transfer stands still");
    }
}
