using Peili.NodeAgent.Registry;

namespace Peili.NodeAgent.Tests.Support;

/// <summary>What an agent asked a fake peer.</summary>
internal sealed record FakeRequest(string Method, string Target, string? Range)
{
    public bool IsProbe => Target == "/v2/";

    public static FakeRequest Parse(string head)
    {
        var lines = head.Split("\r\n");
        var words = lines[0].Split(' ');
        var range = lines.FirstOrDefault(line => line.StartsWith("Range: ", StringComparison.OrdinalIgnoreCase));
        return new FakeRequest(words[0], words[1], range?["Range: ".Length..]);
    }

    /// <summary>The part of a content of <paramref name="length"/> bytes that was asked for.</summary>
    public ContentSlice SliceOf(int length) => Range is null ? new ContentSlice(0, length) : ByteRange.Parse(Range)!.Value.Of(length)!.Value;
}
