using System.Globalization;

namespace Peili.LocalCluster.Processes;

/// <summary>Process numbers as this machine's root namespace sees them.</summary>
internal static class ProcessTree
{
    /// <summary>
    /// The first child of a process, or null while it has none. A program started in another PID namespace is always the child of
    /// the helper that brought it there, and only /proc tells its number out here.
    /// </summary>
    internal static int? FirstChildOf(int processId)
    {
        try
        {
            var children = File.ReadAllText($"/proc/{processId}/task/{processId}/children");
            var first = children.Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
            return first is null ? null : int.Parse(first, CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            // The process has ended, and its /proc directory with it.
            return null;
        }
    }
}
