using System.Runtime.InteropServices;
using Google.Protobuf;

namespace Peili.Overlay.Wire;

/// <summary>Walks the columns of <see cref="News"/> row by row.</summary>
internal struct NewsReader(News rows)
{
    private int next;
    private int nextRecord;
    private int nextSuspect;
    private int nextReporter;

    /// <summary>The columns did not fit together, or a row said something unheard of.</summary>
    public bool IsBroken { get; private set; }

    public bool TryRead(out Row row)
    {
        row = default;
        if (next == rows.Session.Count || IsBroken)
        {
            return false;
        }

        var kind = rows.Kind[next];
        row = new Row
        {
            Session = rows.Session[next],
            Incarnation = rows.Incarnation[next],
            Claim = (Claim)(kind & 15),
            Status = (MemberStatus)(kind >> 4),
        };
        next++;
        IsBroken = row.Claim > Claim.Left || row.Status > MemberStatus.Returning || row.Session == 0;
        if (row.Claim == Claim.Joined)
        {
            IsBroken |= nextRecord >= rows.Record.Count;
            row.Record = IsBroken ? null : rows.Record[nextRecord++];
        }
        else if (row.Claim == Claim.Suspect)
        {
            IsBroken |= nextSuspect >= rows.Reporters.Length;
            var count = IsBroken ? 0 : rows.Reporters[nextSuspect++];
            IsBroken |= count is 0 or > Membership.Suspicion.MaximumReporters || nextReporter + count > rows.Reporter.Count;
            row.SetReporters(rows.Reporter, nextReporter, IsBroken ? 0 : count);
            nextReporter += count;
        }

        return !IsBroken;
    }

    [StructLayout(LayoutKind.Auto)]
    public struct Row
    {
        private ReporterBuffer reporters;
        private int reporterCount;

        public ulong Session { get; set; }

        public uint Incarnation { get; set; }

        public Claim Claim { get; set; }

        public MemberStatus Status { get; set; }

        public ByteString? Record { get; set; }

        [System.Diagnostics.CodeAnalysis.UnscopedRef]
        public readonly ReadOnlySpan<uint> Reporters => ((ReadOnlySpan<uint>)reporters)[..reporterCount];

        public void SetReporters(IList<uint> from, int first, int count)
        {
            reporterCount = count;
            for (var at = 0; at < count; at++)
            {
                reporters[at] = from[first + at];
            }
        }
    }

    [System.Runtime.CompilerServices.InlineArray(Membership.Suspicion.MaximumReporters)]
    private struct ReporterBuffer
    {
        private uint first;
    }
}
