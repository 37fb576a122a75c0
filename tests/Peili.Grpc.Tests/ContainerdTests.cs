using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Peili.Containerd.Tests.Support;
using Peili.Grpc.Tests.Support;

namespace Peili.Grpc.Tests;

/// <summary>Calls to a real server, made with grpc-go. Some of its messages are, on the wire, a single text like StringValue.</summary>
public sealed class ContainerdTests
{
    private const string Content = "containerd.services.content.v1.Content";

    private static readonly Method<Empty, StringValue> s_version = new("containerd.services.version.v1.Version", "Version", StringValue.Parser);
    private static readonly Method<StringValue, Empty> s_info = new(Content, "Info", Empty.Parser);
    private static readonly Method<Empty, StringValue> s_list = new(Content, "List", StringValue.Parser);
    private static readonly Method<Empty, StringValue> s_unknown = new(Content, "Unheard", StringValue.Parser);

    private static readonly Metadata s_namespace = CreateNamespace();

    [Fact]
    public async Task A_unary_call_is_answered()
    {
        await using var containerd = await ContainerdProcess.StartAsync();
        using var channel = GrpcChannel.ForAddress("unix://" + containerd.Socket);

        var version = await channel.UnaryCallAsync(s_version, new Empty(), new CallOptions(Timeout: TimeSpan.FromSeconds(60)));

        version.Value.ShouldBe(await ContainerdProcess.ReadVersionAsync());
    }

    [Fact]
    public async Task A_stream_is_read_to_its_end()
    {
        await using var containerd = await ContainerdProcess.StartAsync();
        using var channel = GrpcChannel.ForAddress("unix://" + containerd.Socket);
        using (var empty = channel.ServerStreamingCall(s_list, new Empty(), new CallOptions(s_namespace)))
        {
            (await empty.ReadAsync()).ShouldBeEmpty();
        }

        await containerd.CtrAsync("k8s.io", new MemoryStream([1]), "content", "ingest", "x");

        using var one = channel.ServerStreamingCall(s_list, new Empty(), new CallOptions(s_namespace));
        (await one.ReadAsync()).ShouldHaveSingleItem().ShouldContain("sha256:");
    }

    [Fact]
    public async Task Its_errors_arrive_with_code_and_message()
    {
        await using var containerd = await ContainerdProcess.StartAsync();
        using var channel = GrpcChannel.ForAddress("unix://" + containerd.Socket);
        var digest = "sha256:" + new string('0', 64);

        var absent = await FailAsync(channel, s_info, new StringValue { Value = digest }, new CallOptions(s_namespace));
        var malformed = await FailAsync(channel, s_info, new StringValue { Value = "x" }, new CallOptions(s_namespace));
        var homeless = await FailAsync(channel, s_info, new StringValue { Value = digest }, default);
        var unknown = await FailAsync(channel, s_unknown, new Empty(), new CallOptions(s_namespace));

        absent.StatusCode.ShouldBe(StatusCode.NotFound);
        absent.Status.Detail.ShouldContain(digest);
        malformed.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        homeless.StatusCode.ShouldBe(StatusCode.FailedPrecondition);
        homeless.Status.Detail.ShouldContain("namespace");
        unknown.StatusCode.ShouldBe(StatusCode.Unimplemented);
    }

    private static Task<RpcException> FailAsync<TRequest, TResponse>(
        GrpcChannel channel,
        Method<TRequest, TResponse> method,
        TRequest request,
        CallOptions options)
        where TRequest : IMessage
        where TResponse : IMessage<TResponse> =>
        Should.ThrowAsync<RpcException>(() => channel.UnaryCallAsync(method, request, options));

    private static Metadata CreateNamespace()
    {
        var metadata = new Metadata();
        metadata.Add("containerd-namespace", "k8s.io");
        return metadata;
    }
}
