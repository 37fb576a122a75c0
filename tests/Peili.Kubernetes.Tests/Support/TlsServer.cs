using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Peili.LocalCluster.Security;

namespace Peili.Kubernetes.Tests.Support;

/// <summary>An API server's TLS alone: its authority can be exchanged, and it tells whose certificate it was shown, as the uid of the only object there is.</summary>
internal sealed class TlsServer : IAsyncDisposable
{
    private readonly WebApplication _host;
    private volatile SslStreamCertificateContext _certificate;

    private TlsServer(CertificateAuthority authority)
    {
        _certificate = Issue(authority);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, endpoint =>
        {
            // Each request has a handshake of its own.
            endpoint.Protocols = HttpProtocols.Http1;
            endpoint.UseHttps(new TlsHandshakeCallbackOptions
            {
                OnConnection = _ => new(new SslServerAuthenticationOptions
                {
                    ServerCertificateContext = _certificate,
                    ClientCertificateRequired = true,
                    RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Issuer is null or "CN=peili test",
                }),
            });
        }));
        _host = builder.Build();
        _host.Run(http =>
        {
            http.Response.Headers.Connection = "close";
            return http.Response.WriteAsync($$$"""{"metadata":{"name":"a","namespace":"n","resourceVersion":"1","uid":"{{{http.Connection.ClientCertificate?.Thumbprint}}}"}}""");
        });
    }

    public Uri Address => new(_host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    public static async Task<TlsServer> StartAsync(CertificateAuthority authority)
    {
        var server = new TlsServer(authority);
        await server._host.StartAsync();
        return server;
    }

    /// <summary>From now on its certificate is of this authority.</summary>
    public void Follow(CertificateAuthority authority) => _certificate = Issue(authority);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static SslStreamCertificateContext Issue(CertificateAuthority authority)
    {
        var (certificate, key) = authority.Issue(address: IPAddress.Loopback);
        using var read = X509Certificate2.CreateFromPem(certificate, key);
        return SslStreamCertificateContext.Create(X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), null), null, offline: true);
    }
}
