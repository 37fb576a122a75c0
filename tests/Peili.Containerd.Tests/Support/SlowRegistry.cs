using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Peili.Containerd.Tests.Support;

/// <summary>A registry with one image, whose first layer goes out no faster than the test allows.</summary>
internal sealed class SlowRegistry : IAsyncDisposable
{
    private const int ChunkSize = 64 * 1024;

    private readonly TestImage _image;
    private readonly WebApplication _host;
    private readonly SemaphoreSlim _more = new(0);
    private long _allowed;
    private long _cutAt = long.MaxValue;

    private SlowRegistry(TestImage image)
    {
        _image = image;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _host = builder.Build();
        _host.Run(AnswerAsync);
    }

    /// <summary>What is pulled.</summary>
    public string Reference => new Uri(_host.Urls.First()).Authority + "/app:1";

    public Digest Layer => _image.Layers[0];

    public byte[] LayerContent => _image.Blobs[Layer];

    /// <summary>Whether the layer is refused with 401.</summary>
    public bool Refuses { get; set; }

    /// <summary>Where the requests for the layer began.</summary>
    public ConcurrentQueue<long> Offsets { get; } = new();

    /// <summary>Done when a request for the layer has come, before it is answered.</summary>
    public Action? OnLayer { get; set; }

    public static async Task<SlowRegistry> StartAsync(int layerSize)
    {
        var registry = new SlowRegistry(TestImage.Create("app", layers: 1, layerSize));
        await registry._host.StartAsync();
        return registry;
    }

    /// <summary>Lets so much of the layer go out in all.</summary>
    public void Allow(long bytes)
    {
        Volatile.Write(ref _allowed, bytes);
        _more.Release();
    }

    /// <summary>Ends the next answer there, short of its length.</summary>
    public void CutAt(long offset) => Volatile.Write(ref _cutAt, offset);

    public async ValueTask DisposeAsync()
    {
        await using (_host)
        {
            using var now = new CancellationTokenSource();
            await now.CancelAsync();
            await _host.StopAsync(now.Token);
        }

        _more.Dispose();
    }

    private Task AnswerAsync(HttpContext context)
    {
        var name = context.Request.Path.Value!.Split('/')[^1];
        if (name == "1")
        {
            name = _image.Target.ToString();
        }

        if (!Digest.TryParse(name, out var digest) || !_image.Blobs.TryGetValue(digest, out var bytes))
        {
            context.Response.StatusCode = context.Request.Path == "/v2/" ? 200 : 404;
            return Task.CompletedTask;
        }

        context.Response.ContentType = digest == _image.Target ? MediaTypes.OciManifest : "application/octet-stream";
        context.Response.Headers["Docker-Content-Digest"] = digest.ToString();
        context.Response.ContentLength = bytes.Length;
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return Task.CompletedTask;
        }

        return digest == Layer ? SendLayerAsync(context, bytes) : context.Response.Body.WriteAsync(bytes).AsTask();
    }

    private async Task SendLayerAsync(HttpContext context, byte[] bytes)
    {
        OnLayer?.Invoke();
        if (Refuses)
        {
            context.Response.StatusCode = 401;
            context.Response.ContentLength = 0;
            return;
        }

        var offset = ReadOffset(context.Request.Headers.Range.ToString());
        Offsets.Enqueue(offset);
        if (offset > 0)
        {
            context.Response.StatusCode = 206;
            context.Response.ContentLength = bytes.Length - offset;
            context.Response.Headers.ContentRange = $"bytes {offset}-{bytes.Length - 1}/{bytes.Length}";
        }

        while (offset < bytes.Length)
        {
            if (offset >= Volatile.Read(ref _cutAt))
            {
                Volatile.Write(ref _cutAt, long.MaxValue);
                return;
            }

            var count = (int)Math.Min(ChunkSize, Math.Min(Volatile.Read(ref _allowed), Volatile.Read(ref _cutAt)) - offset);
            if (count > 0)
            {
                await context.Response.Body.WriteAsync(bytes.AsMemory((int)offset, count), context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                offset += count;
            }
            else
            {
                await _more.WaitAsync(TimeSpan.FromMilliseconds(100), context.RequestAborted);
            }
        }
    }

    /// <summary>Reads <c>bytes=N-</c>.</summary>
    private static long ReadOffset(string range) =>
        range.Length == 0 ? 0 : long.Parse(range.Split('=', '-')[1], CultureInfo.InvariantCulture);
}
