using Google.Protobuf.WellKnownTypes;

namespace Peili.Grpc.Tests.Support;

/// <summary>The methods and calls that the tests use: text in, text out.</summary>
internal static class Echo
{
    public static readonly Method<StringValue, StringValue> Method = new("peili.test.Echo", "Say", StringValue.Parser);

    private static readonly TimeSpan s_bound = TimeSpan.FromSeconds(60);

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<string> SayAsync(this GrpcChannel channel, string text, CallOptions options = default) =>
        (await channel.UnaryCallAsync(Method, new StringValue { Value = text }, options).WaitAsync(s_bound, Cancellation)).Value;

    public static AsyncServerStreamingCall<StringValue> Stream(this GrpcChannel channel, CallOptions options = default) =>
        channel.ServerStreamingCall(Method, new StringValue { Value = "go" }, options);

    public static async Task<List<string>> ReadAsync(this AsyncServerStreamingCall<StringValue> call, List<string>? into = null)
    {
        var texts = into ?? [];
        await foreach (var message in call.ReadAllAsync(Cancellation))
        {
            texts.Add(message.Value);
        }

        return texts;
    }

    public static async Task<RpcException> FailAsync(this GrpcChannel channel, CallOptions options = default) =>
        await Should.ThrowAsync<RpcException>(() => channel.SayAsync("x", options));

    public static async Task<RpcException> FailAsync(this AsyncServerStreamingCall<StringValue> call, List<string>? into = null) =>
        await Should.ThrowAsync<RpcException>(() => call.ReadAsync(into).WaitAsync(s_bound, Cancellation));
}
