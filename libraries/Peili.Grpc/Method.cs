using Google.Protobuf;

namespace Peili.Grpc;

/// <summary>One method of a service: what a generated stub would hold.</summary>
/// <typeparam name="TRequest">The message sent.</typeparam>
/// <typeparam name="TResponse">The message, or each of the messages, received.</typeparam>
/// <param name="ServiceName">With its package, such as <c>containerd.services.version.v1.Version</c>.</param>
/// <param name="Name">The method alone.</param>
/// <param name="ResponseParser">Reads a response.</param>
public sealed record Method<TRequest, TResponse>(string ServiceName, string Name, MessageParser<TResponse> ResponseParser)
    where TRequest : IMessage
    where TResponse : IMessage<TResponse>
{
    /// <summary>The path of the call (PROTOCOL-HTTP2.md, Path).</summary>
    public string FullName { get; } = $"/{ServiceName}/{Name}";
}
