using System.Globalization;

namespace Peili.NodeAgent.Tests.Support;

/// <summary>An answer as it came over the wire.</summary>
internal sealed class RawResponse
{
    private RawResponse(int status, IReadOnlyDictionary<string, string> headers)
    {
        Status = status;
        Headers = headers;
    }

    public int Status { get; }

    public IReadOnlyDictionary<string, string> Headers { get; }

    public long ContentLength => long.Parse(Headers["Content-Length"], CultureInfo.InvariantCulture);

    public MemoryStream Body { get; } = new();

    /// <summary>The connection ended before the body was whole.</summary>
    public bool EndedShort { get; set; }

    /// <summary>The connection ended with RST, on which containerd does not resume.</summary>
    public bool WasReset { get; set; }

    public static RawResponse Parse(string head)
    {
        var lines = head.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        return new RawResponse(int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture), headers);
    }
}
