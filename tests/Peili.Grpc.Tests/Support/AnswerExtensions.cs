using System.Buffers.Binary;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Peili.Grpc.Tests.Support;

/// <summary>The pieces of an answer.</summary>
internal static class AnswerExtensions
{
    public static Task BeginAsync(this HttpContext context) => context.SendRawAsync();

    public static Task SendAsync(this HttpContext context, string text) => context.SendRawAsync(Frame(new StringValue { Value = text }));

    public static async Task SendRawAsync(this HttpContext context, params byte[] bytes)
    {
        if (!context.Response.HasStarted)
        {
            context.Response.ContentType = "application/grpc";
        }

        await context.Response.Body.WriteAsync(bytes);
        await context.Response.Body.FlushAsync();
    }

    public static void End(this HttpContext context, string status = "0", string? message = null)
    {
        context.Response.AppendTrailer("grpc-status", status);
        if (message is not null)
        {
            context.Response.AppendTrailer("grpc-message", message);
        }
    }

    public static void Reset(this HttpContext context, int errorCode) =>
        context.Features.GetRequiredFeature<IHttpResetFeature>().Reset(errorCode);

    /// <summary>Leaves the client waiting until it, or the server, ends.</summary>
    public static async Task HangAsync(this HttpContext context) =>
        await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);

    public static byte[] Frame(IMessage message)
    {
        var frame = new byte[5 + message.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.CalculateSize());
        message.WriteTo(frame.AsSpan(5));
        return frame;
    }
}
