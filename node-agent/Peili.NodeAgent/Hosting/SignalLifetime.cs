using System.Runtime.InteropServices;

namespace Peili.NodeAgent.Hosting;

/// <summary>Stops the agent on SIGTERM and SIGINT, and says nothing on standard output.</summary>
internal sealed class SignalLifetime(IHostApplicationLifetime lifetime) : IHostLifetime, IDisposable
{
    private readonly List<PosixSignalRegistration> _signals = [];
    private bool _stopping;

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop));
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _signals.ForEach(signal => signal.Dispose());

    /// <summary>The first signal stops the agent in order. A second one keeps its usual meaning and ends the process at once.</summary>
    private void Stop(PosixSignalContext signal)
    {
        signal.Cancel = !Interlocked.Exchange(ref _stopping, true);
        lifetime.StopApplication();
    }
}
