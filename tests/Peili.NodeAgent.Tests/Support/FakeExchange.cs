using System.Net.Sockets;
using System.Text;

namespace Peili.NodeAgent.Tests.Support;

/// <summary>One request to a fake peer, and the means to answer it rightly or wrongly.</summary>
internal sealed class FakeExchange(FakeRequest request, Socket socket, CancellationToken stopping)
{
    public FakeRequest Request => request;

    public bool IsClosed { get; private set; }

    public Task SendHeadAsync(int status, params IEnumerable<(string Name, string Value)> headers) =>
        SendAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status} Whatever\r\n{string.Concat(headers.Select(header => $"{header.Name}: {header.Value}\r\n"))}\r\n"));

    public Task SendEmptyAsync(int status, params IEnumerable<(string Name, string Value)> headers) =>
        SendHeadAsync(status, [("Content-Length", "0"), .. headers]);

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await socket.SendAsync(bytes, stopping)..];
        }
    }

    /// <summary>Answers as an honest holder does.</summary>
    public Task SendBlobAsync(TestBlob blob) => SendBlobAsync(blob, blob.Bytes);

    /// <summary>Answers with the right headers of <paramref name="blob"/> and the bytes of <paramref name="sent"/>, as long as the blob.</summary>
    public async Task SendBlobAsync(TestBlob blob, byte[] sent)
    {
        var slice = request.SliceOf(blob.Length);
        await SendBlobHeadAsync(blob);
        await SendAsync(sent.AsMemory((int)slice.Offset, (int)slice.Length));
    }

    /// <summary>The headers of an honest answer to this request.</summary>
    public Task SendBlobHeadAsync(TestBlob blob)
    {
        var slice = request.SliceOf(blob.Length);
        (string, string)[] headers = [("Content-Length", $"{slice.Length}"), ("Docker-Content-Digest", $"{blob.Digest}")];
        return request.Range is null
            ? SendHeadAsync(200, headers)
            : SendHeadAsync(206, [.. headers, ("Content-Range", $"bytes {slice.Offset}-{slice.End - 1}/{blob.Length}")]);
    }

    /// <summary>Begins honestly and ends the connection, in order, after <paramref name="length"/> bytes of the body.</summary>
    public async Task SendBlobShortAsync(TestBlob blob, int length)
    {
        await SendBlobHeadAsync(blob);
        await SendAsync(blob.Bytes.AsMemory((int)request.SliceOf(blob.Length).Offset, length));
        Close();
    }

    /// <summary>Says nothing more, and keeps the connection.</summary>
    public Task HangAsync() => Task.Delay(Timeout.Infinite, stopping);

    /// <summary>Ends the connection in order.</summary>
    public void Close()
    {
        socket.Shutdown(SocketShutdown.Both);
        IsClosed = true;
    }

    /// <summary>Ends the connection with RST.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Close();
        IsClosed = true;
    }
}
