using System.Globalization;

namespace Peili.LocalCluster.Processes;

/// <summary>What a process uses, from /proc (proc(5)).</summary>
/// <param name="ResidentBytes">Resident memory now (VmRSS).</param>
/// <param name="PeakResidentBytes">Its highest value since the process started (VmHWM).</param>
/// <param name="ProcessorTime">User and system time together; 10 ms steps.</param>
public sealed record ProcessUsage(long ResidentBytes, long PeakResidentBytes, TimeSpan ProcessorTime)
{
    /// <summary>What the process of this number uses now.</summary>
    /// <exception cref="InvalidOperationException">It has ended.</exception>
    public static ProcessUsage Read(int processId)
    {
        var status = File.ReadAllLines($"/proc/{processId}/status");

        // The program's name, in parentheses, may hold blanks; the fields are counted from behind it: 11 is utime, 12 stime.
        var stat = File.ReadAllText($"/proc/{processId}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var ticks = Number(fields[11]) + Number(fields[12]);
        return new ProcessUsage(Bytes(status, "VmRSS:"), Bytes(status, "VmHWM:"), TimeSpan.FromMilliseconds(ticks * 10));
    }

    private static long Bytes(string[] status, string field)
    {
        var line = Array.Find(status, line => line.StartsWith(field, StringComparison.Ordinal))
            ?? throw new InvalidOperationException("the process has ended");
        return Number(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Split('\t')[^1]) * 1024;
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
