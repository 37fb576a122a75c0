using System.Runtime.InteropServices;

namespace Peili.Reporting;

/// <summary>SIGINT and SIGTERM as a token, so that whatever was started is ended in order.</summary>
internal sealed class Interruption : IDisposable
{
    /// <summary>The exit status of a program that was interrupted: 128 and the number of SIGINT.</summary>
    public const int ExitStatus = 128 + 2;

    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;

    public Interruption()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
    }

    /// <summary>Fires at the first signal.</summary>
    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _source.Dispose();
    }

    private void Cancel(PosixSignalContext signal)
    {
        signal.Cancel = true;
        _source.Cancel();
    }
}
