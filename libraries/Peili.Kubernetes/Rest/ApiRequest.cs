using System.Net;
using System.Net.Http.Headers;

namespace Peili.Kubernetes.Rest;

/// <summary>A request, which can be sent more than once.</summary>
/// <param name="Method">Its method.</param>
/// <param name="Path">Its path, below the server's address.</param>
internal sealed record ApiRequest(HttpMethod Method, string Path)
{
    private readonly List<string> _query = [];

    public byte[]? Body { get; init; }

    public string ContentType { get; init; } = "application/json";

    public ApiRequest With(string name, string? value)
    {
        if (value is not null)
        {
            _query.Add($"{name}={Uri.EscapeDataString(value)}");
        }

        return this;
    }

    public HttpRequestMessage ToMessage(Uri server)
    {
        var path = _query.Count == 0 ? Path : $"{Path}?{string.Join('&', _query)}";
        var message = new HttpRequestMessage(Method, new Uri(server, path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            Content = Body is null ? null : new ByteArrayContent(Body) { Headers = { ContentType = new MediaTypeHeaderValue(ContentType) } },
        };
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        return message;
    }
}
