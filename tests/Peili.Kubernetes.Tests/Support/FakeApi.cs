using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Peili.Kubernetes.Configuration;
using Peili.Kubernetes.Rest;

namespace Peili.Kubernetes.Tests.Support;

/// <summary>An API server's answers, each written by a test, with no network in between.</summary>
internal sealed class FakeApi(Func<HttpRequestMessage, Task<HttpResponseMessage>> answer) : HttpMessageHandler
{
    private readonly Lock _lock = new();
    private readonly List<HttpRequestMessage> _requests = [];

    public IReadOnlyList<HttpRequestMessage> Requests
    {
        get
        {
            lock (_lock)
            {
                return [.. _requests];
            }
        }
    }

    public static HttpResponseMessage Json(string json, HttpStatusCode code = HttpStatusCode.OK) =>
        new(code) { Content = new StringContent(json, Encoding.UTF8, "application/json") };

    public static HttpResponseMessage Refusal(int code, string reason) => Json(
        new JsonObject { ["kind"] = "Status", ["status"] = "Failure", ["code"] = code, ["reason"] = reason, ["message"] = $"{reason}, said the server" }
            .ToJsonString(),
        (HttpStatusCode)code);

    public static HttpResponseMessage Stream(Stream body) => new(HttpStatusCode.OK) { Content = new StreamContent(body) };

    public KubernetesClient Client(KubernetesClientOptions? options = null, ICredentialSource? credentials = null, Impersonation? impersonation = null) =>
        new(
            new KubernetesClientConfiguration
            {
                Cluster = new Cluster { Server = new Uri("http://api.test/prefix") },
                Credentials = credentials ?? new FixedCredentials(Credential.None),
                Impersonation = impersonation,
            },
            options,
            this);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _requests.Add(request);
        }

        return await answer(request).WaitAsync(cancellationToken);
    }
}
