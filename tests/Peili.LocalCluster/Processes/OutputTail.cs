namespace Peili.LocalCluster.Processes;

/// <summary>The last lines that a process wrote, for the message of a failed test. Safe to use from several threads.</summary>
public sealed class OutputTail
{
    private const int Capacity = 2000;
    private readonly Queue<string> _lines = new();

    /// <summary>The kept lines, oldest first.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    internal void Add(string line)
    {
        lock (_lines)
        {
            if (_lines.Count == Capacity)
            {
                _lines.Dequeue();
            }

            _lines.Enqueue(line);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join('\n', Lines);
}
