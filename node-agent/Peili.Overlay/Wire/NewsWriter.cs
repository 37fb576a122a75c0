using Google.Protobuf;

namespace Peili.Overlay.Wire;

/// <summary>Builds the columns of <see cref="News"/> row by row.</summary>
internal sealed class NewsWriter
{
    private News rows = new();
    private byte[] kinds = new byte[Limits.NewsRows];
    private byte[] reporters = new byte[Limits.NewsRows];
    private int suspects;

    public int Count => rows.Session.Count;

    public bool Contains(ulong session) => rows.Session.Contains(session);

    public void Add(ulong session, uint incarnation, Claim claim, MemberStatus status)
    {
        if (Count == kinds.Length)
        {
            Array.Resize(ref kinds, Count * 2);
        }

        kinds[Count] = (byte)((byte)claim | ((byte)status << 4));
        rows.Session.Add(session);
        rows.Incarnation.Add(incarnation);
    }

    /// <summary>Completes a row whose claim is Joined.</summary>
    public void AddRecord(ByteString record) => rows.Record.Add(record);

    /// <summary>Completes a row whose claim is Suspect.</summary>
    public void AddReporters(ReadOnlySpan<uint> who)
    {
        if (suspects == reporters.Length)
        {
            Array.Resize(ref reporters, suspects * 2);
        }

        reporters[suspects++] = (byte)who.Length;
        foreach (var reporter in who)
        {
            rows.Reporter.Add(reporter);
        }
    }

    /// <summary>The rows so far; the writer begins anew.</summary>
    public News Finish()
    {
        var finished = rows;
        finished.Kind = ByteString.CopyFrom(kinds, 0, Count);
        finished.Reporters = ByteString.CopyFrom(reporters, 0, suspects);
        rows = new News();
        suspects = 0;
        return finished;
    }
}
