using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Peili.NodeAgent.Tests.Support;

/// <summary>A POST whose body does not come until it is told to, or to end.</summary>
internal sealed class StalledRequest : Stream, IHttpMaxRequestBodySizeFeature, IHttpRequestLifetimeFeature
{
    private readonly TaskCompletionSource _reading = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public StalledRequest(long length)
    {
        Http.Request.Method = HttpMethods.Post;
        Http.Request.ContentLength = length;
        Http.Request.Body = this;
        Http.Features.Set<IHttpMaxRequestBodySizeFeature>(this);
        Http.Features.Set<IHttpRequestLifetimeFeature>(this);
    }

    public DefaultHttpContext Http { get; } = new();

    /// <summary>Completes once somebody reads.</summary>
    public Task Reading => _reading.Task;

    public bool IsAborted { get; private set; }

    public CancellationToken RequestAborted { get; set; }

    public bool IsReadOnly => false;

    public long? MaxRequestBodySize { get; set; } = 0;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public void Abort() => IsAborted = true;

    /// <summary>Ends the body before it is whole.</summary>
    public void End() => _ended.TrySetResult();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _reading.TrySetResult();
        await _ended.Task.WaitAsync(cancellationToken);
        return 0;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();
}
