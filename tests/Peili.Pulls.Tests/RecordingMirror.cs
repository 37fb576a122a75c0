using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Peili.LocalCluster.Images;
using Peili.LocalCluster.Network;

namespace Peili.Pulls.Tests;

/// <summary>A registry on a machine's loopback that has one image under every name, but for names that begin with "missing", and remembers who asked for what.</summary>
public sealed class RecordingMirror : IAsyncDisposable
{
    private readonly ConcurrentQueue<RecordedRequest> _requests = [];
    private readonly BuiltImage _image;
    private readonly Dictionary<string, BlobDescriptor> _blobs;
    private WebApplication? _server;

    private RecordingMirror(BuiltImage image)
    {
        _image = image;
        _blobs = image.AllBlobs().ToDictionary(blob => blob.Digest, StringComparer.Ordinal);
    }

    /// <summary>What was asked for, oldest first.</summary>
    public IReadOnlyList<RecordedRequest> Requests => [.. _requests];

    /// <summary>Starts it on a machine.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="port">Its port.</param>
    /// <param name="image">What it has.</param>
    /// <param name="certificate">Its certificate, which it wants of its clients too; null for plain HTTP.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<RecordingMirror> StartAsync(Machine machine, int port, BuiltImage image, X509Certificate2? certificate, CancellationToken cancellationToken)
    {
        var mirror = new RecordingMirror(image);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        var socket = machine.Listen(new IPEndPoint(IPAddress.Loopback, port));
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.ListenHandle((ulong)socket.Handle, listener =>
        {
            if (certificate is not null)
            {
                listener.UseHttps(https =>
                {
                    https.ServerCertificate = certificate;
                    https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                    https.ClientCertificateValidation = (client, _, _) => client.Thumbprint == certificate.Thumbprint;
                });
            }
        }));
        builder.Services.AddSingleton(socket);
        mirror._server = builder.Build();
        mirror._server.Run(mirror.AnswerAsync);
        await mirror._server.StartAsync(cancellationToken);
        return mirror;
    }

    public void Forget() => _requests.Clear();

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        var path = request.Path.Value!;
        _requests.Enqueue(new RecordedRequest(
            path, request.Query["ns"].ToString(), request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
        var reference = path[(path.LastIndexOf('/') + 1)..];
        if (path.StartsWith("/v2/missing", StringComparison.Ordinal) || (path.Contains("/blobs/", StringComparison.Ordinal) && !_blobs.ContainsKey(reference)))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var blob = _blobs.GetValueOrDefault(reference) ?? _image.Root;
        context.Response.ContentType = path.Contains("/manifests/", StringComparison.Ordinal) ? blob.MediaType : "application/octet-stream";
        context.Response.ContentLength = blob.Size;
        context.Response.Headers["Docker-Content-Digest"] = blob.Digest;
        if (request.Method == HttpMethods.Get)
        {
            await context.Response.SendFileAsync(_image.PathOf(blob), context.RequestAborted);
        }
    }
}
