using System.Collections.Concurrent;
using Peili.DBus;

namespace Peili.NodeAgent.Remediation;

/// <summary>The results of systemd's jobs for one unit, whether they come before or after somebody asks for them.</summary>
internal sealed class JobResults(string unit)
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<string>> _results = new(StringComparer.Ordinal);

    /// <summary>The result of a job, once it is known.</summary>
    public Task<string> Of(string job) => SourceOf(job).Task;

    /// <summary>Takes a signal <c>JobRemoved</c>.</summary>
    public void Take(DBusMessage signal)
    {
        var reader = signal.Read("uoss");
        reader.ReadUInt32();
        var job = reader.ReadObjectPath();
        if (reader.ReadString() == unit)
        {
            SourceOf(job).TrySetResult(reader.ReadString());
        }
    }

    private TaskCompletionSource<string> SourceOf(string job) =>
        _results.GetOrAdd(job, _ => new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously));
}
