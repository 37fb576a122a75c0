using System.Globalization;

namespace Peili.Bench.Servers;

/// <summary>Processor time of a running server.</summary>
internal static class ProcessorTime
{
    // The kernel counts in ticks of USER_HZ, which is 100 on every architecture .NET runs on.
    private const double TicksPerSecond = 100;

    /// <summary>Seconds, user and system together, that a process and its children, which are workers, have used (proc(5), /proc/PID/stat).</summary>
    public static double Of(int processId)
    {
        // The program's name, in parentheses, may hold blanks; the fields are counted from behind it: 11 is utime, 12 stime.
        var stat = File.ReadAllText($"/proc/{processId}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var children = File.ReadAllText($"/proc/{processId}/task/{processId}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return ((Number(fields[11]) + Number(fields[12])) / TicksPerSecond) + children.Sum(child => Of((int)Number(child)));
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
