using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Peili.LocalCluster.Kubernetes;

namespace Peili.Kubernetes.Tests.Faults;

/// <summary>Stands before a real API server, with its certificate, and passes on what the plan lets through.</summary>
internal sealed class FaultyApi : IAsyncDisposable
{
    /// <summary>What its refusals say.</summary>
    public const string Message = "a fault";

    private static readonly TimeSpan s_watchLasts = TimeSpan.FromSeconds(1);

    private readonly FaultPlan _plan;
    private readonly HttpClient _server;
    private readonly WebApplication _host;

    private FaultyApi(ControlPlane controlPlane, FaultPlan plan)
    {
        _plan = plan;
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.ImportFromPemFile(controlPlane.CertificateAuthority);
        _server = new HttpClient(new SocketsHttpHandler { UseProxy = false, SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = trust } }) { BaseAddress = controlPlane.Server };

        var folder = Path.GetDirectoryName(controlPlane.CertificateAuthority)!;
        using var read = X509Certificate2.CreateFromPemFile(Path.Combine(folder, "apiserver.crt"), Path.Combine(folder, "apiserver.key"));
        var certificate = X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), null);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.UseHttps(certificate)));
        _host = builder.Build();
        _host.Run(AnswerAsync);
    }

    public int Port { get; private set; }

    public static async Task<FaultyApi> StartAsync(ControlPlane controlPlane, FaultPlan plan)
    {
        var api = new FaultyApi(controlPlane, plan);
        await api._host.StartAsync();
        api.Port = new Uri(api._host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;
        return api;
    }

    public async ValueTask DisposeAsync()
    {
        // Watches and silent requests never end by themselves.
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _host.StopAsync(now.Token);
        await _host.DisposeAsync();
        _server.Dispose();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        try
        {
            var fault = _plan.Of(http.Request);
            await (fault switch
            {
                Fault.Conflict => RefuseAsync(http, 409, "Conflict"),
                Fault.Gone => RefuseAsync(http, 410, "Expired"),
                Fault.Busy => RefuseAsync(http, 429, "TooManyRequests"),
                Fault.Broken => RefuseAsync(http, 500, "InternalError"),
                Fault.Unsaid => PassOnInVainAsync(http),
                Fault.Silent => Task.Delay(Timeout.Infinite, http.RequestAborted),
                Fault.None => PassOnAsync(http),
                _ => PassOnWatchAsync(http, fault),
            });
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            // The API server is away.
            http.Abort();
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client is.
        }
    }

    private async Task PassOnAsync(HttpContext http)
    {
        using var answer = await AskAsync(http);
        await WriteHeadAsync(http, answer);
        await using var body = await answer.Content.ReadAsStreamAsync(http.RequestAborted);
        var buffer = new byte[16 * 1024];
        for (int length; (length = await body.ReadAsync(buffer, http.RequestAborted)) > 0;)
        {
            await http.Response.Body.WriteAsync(buffer.AsMemory(0, length), http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
        }
    }

    private async Task PassOnInVainAsync(HttpContext http)
    {
        using var answer = await AskAsync(http);
        await answer.Content.ReadAsByteArrayAsync(http.RequestAborted);
        await RefuseAsync(http, 500, "InternalError");
    }

    private async Task PassOnWatchAsync(HttpContext http, Fault end)
    {
        using var answer = await AskAsync(http);
        await WriteHeadAsync(http, answer);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(http.RequestAborted));
        using var over = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        over.CancelAfter(s_watchLasts);
        try
        {
            while (await lines.ReadLineAsync(over.Token) is { } line)
            {
                await WriteAsync(http, $"{line}\n");
            }
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            // Its time is over.
        }

        if (end is Fault.GoneLater or Fault.BrokenLater)
        {
            var status = end == Fault.GoneLater ? Status(410, "Expired") : Status(500, "InternalError");
            await WriteAsync(http, $$"""{"type":"ERROR","object":{{status}}}""" + "\n");
            return;
        }

        if (end == Fault.CutShort)
        {
            await WriteAsync(http, """{"type":"ADDED","object":{"meta""");
        }

        http.Abort();
    }

    private Task<HttpResponseMessage> AskAsync(HttpContext http)
    {
        var message = new HttpRequestMessage(new HttpMethod(http.Request.Method), $"{http.Request.Path}{http.Request.QueryString}");
        message.Headers.TryAddWithoutValidation("Authorization", http.Request.Headers.Authorization.ToString());
        if (http.Request.ContentType is { } type)
        {
            message.Content = new StreamContent(http.Request.Body);
            message.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        return _server.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, http.RequestAborted);
    }

    private static Task WriteHeadAsync(HttpContext http, HttpResponseMessage answer)
    {
        http.Response.StatusCode = (int)answer.StatusCode;
        http.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        return http.Response.Body.FlushAsync(http.RequestAborted);
    }

    private static Task RefuseAsync(HttpContext http, int code, string reason)
    {
        http.Response.StatusCode = code;
        http.Response.ContentType = "application/json";
        if (code == 429)
        {
            http.Response.Headers.RetryAfter = "1";
        }

        return WriteAsync(http, Status(code, reason));
    }

    private static string Status(int code, string reason) => $$"""{"kind":"Status","status":"Failure","code":{{code}},"reason":"{{reason}}","message":"{{Message}}"}""";

    private static async Task WriteAsync(HttpContext http, string text)
    {
        await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
    }
}
