using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Peili.AgentApi;
using Peili.AgentApi.Security;
using Peili.Kubernetes.Models;
using Peili.Kubernetes.Rest;
using Peili.Operator.Installation;
using Peili.Operator.Resources;

namespace Peili.Operator.Tests.Support;

/// <summary>
/// The peer endpoints of many nodes in one listener: each node has an address of its own in 127.0.0.0/8. Certificates are those of the Secret that real agents mount.
/// </summary>
internal sealed class SimulatedAgents : IAsyncDisposable
{
    private readonly ConcurrentDictionary<IPAddress, SimulatedAgent> _agents = new();
    private readonly KubernetesClient _client;
    private readonly string _namespace;
    private readonly WebApplication _host;
    private readonly CancellationTokenSource _stopping = new();
    private volatile PeerCredentials? _credentials;
    private volatile Loaded _loaded = new();

    private SimulatedAgents(KubernetesClient client, string inNamespace, int port)
    {
        (_client, _namespace, Port) = (client, inNamespace, port);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Any, port, endpoint => endpoint.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = _ => new ValueTask<SslServerAuthenticationOptions>(new SslServerAuthenticationOptions
            {
                EnabledSslProtocols = SslProtocols.Tls13,
                ServerCertificateContext = _credentials!.Context,
                ClientCertificateRequired = true,
                RemoteCertificateValidationCallback = (_, certificate, chain, _) => _credentials.Refuse(certificate, chain, Time.GetUtcNow()) is null,
            }),
        })));
        _host = builder.Build();
        _host.Run(AnswerAsync);
    }

    public int Port { get; }

    /// <summary>What they take for the time.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>Whether the agents take what the Secret says; else they keep what they have.</summary>
    public bool FollowsSecret { get; set; } = true;

    public static async Task<SimulatedAgents> StartAsync(KubernetesClient client, string inNamespace)
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        var agents = new SimulatedAgents(client, inNamespace, port);
        await agents._host.StartAsync();
        _ = agents.FollowSecretAsync(agents._stopping.Token);
        return agents;
    }

    public SimulatedAgent Add(string node, IPAddress address) => _agents.GetOrAdd(address, _ => new SimulatedAgent(node, address));

    public void Remove(SimulatedAgent agent) => _agents.TryRemove(agent.Address, out _);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _host.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task FollowSecretAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                if (FollowsSecret && await _client.GetAsync(Kinds.Secret, new NamespacedName(_namespace, AgentSecret.SecretName), cancellationToken) is { } secret)
                {
                    var credentials = PeerCredentials.Parse(secret.Text("ca.crt")!, secret.Text("tls.crt")!, secret.Text("tls.key")!);
                    var loaded = new Loaded { Certificate = credentials.Fingerprint };
                    loaded.Authorities.AddRange(credentials.AuthorityFingerprints);
                    loaded.Keys.AddRange(secret.Text("keys")!.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                        .Select(key => Convert.ToHexString(SHA256.HashData(Convert.FromBase64String(key)))));
                    var isNew = !loaded.Equals(_loaded);
                    (_credentials, _loaded) = (credentials, loaded);
                    if (isNew)
                    {
                        foreach (var agent in _agents.Values)
                        {
                            agent.Change(_ => { });
                        }
                    }
                }
            }
            catch (KubernetesException)
            {
                // The API server is away for the moment, as a test wants it.
            }

            await Task.Delay(200, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task AnswerAsync(HttpContext http)
    {
        if (!_agents.TryGetValue(http.Connection.LocalIpAddress!.MapToIPv4(), out var agent) || !agent.IsUp)
        {
            http.Abort();
            return;
        }

        if (PeerIdentity.RoleOf(http.Connection.ClientCertificate!) != PeerRole.Operator)
        {
            http.Response.StatusCode = 403;
            return;
        }

        var body = new byte[http.Request.ContentLength ?? 0];
        await http.Request.Body.ReadExactlyAsync(body);
        await Task.Delay(agent.Hesitation, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var reply = Answer(agent, http.Request.Path.Value!, body).ToByteArray();
        http.Response.ContentLength = reply.Length;
        await http.Response.Body.WriteAsync(reply);
    }

    private IMessage Answer(SimulatedAgent agent, string method, byte[] body)
    {
        switch (method)
        {
            case AgentMethods.Status:
                return agent.Answer(_loaded, _agents.Count(other => other.Value.IsUp));
            case AgentMethods.Members:
                return Members(MembersRequest.Parser.ParseFrom(body).Known);
            case AgentMethods.SetNode:
                agent.Change(each => each.Zone = SetNodeRequest.Parser.ParseFrom(body).Zone);
                return new SetNodeReply();
            case AgentMethods.Acquire:
                agent.Orders.Add("Acquire");
                agent.Change(each => each.IsReleased = false);
                return new AcquireReply();
            default:
                agent.Orders.Add("Release");
                agent.Change(each => each.IsReleased = true);
                return new ReleaseReply { Left = { agent.Left } };
        }
    }

    private MembersReply Members(ulong known)
    {
        var reply = new MembersReply();
        reply.Members.AddRange(_agents.Values.OrderBy(agent => agent.Node, StringComparer.Ordinal).Select(agent => new Member
        {
            Name = agent.Node,
            Epoch = 1,
            StatusVersion = agent.StatusVersion,
            State = agent.IsUp ? "Alive" : "Dead",
            Address = $"{agent.Address}:{Port}",
        }));
        reply.Hash = BitConverter.ToUInt64(SHA256.HashData(reply.ToByteArray()));
        if (reply.Hash == known)
        {
            reply.Members.Clear();
        }

        return reply;
    }
}
