namespace Peili.Hosting;

/// <summary>
/// Something that goes on until the program stops. One that fails takes the program down: half a program would look alive,
/// while the supervisor brings back a whole one.
/// </summary>
public sealed partial class BackgroundLoop(
    string name, Func<CancellationToken, Task> run, IHostApplicationLifetime lifetime, ILogger<BackgroundLoop> logger) : BackgroundService
{
    /// <summary>sysexits' EX_SOFTWARE: an internal error.</summary>
    private const int InternalError = 70;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await run(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            LogStopped(name);
        }
#pragma warning disable CA1031 // The outermost handler of the loop: whatever it is must end the program, not vanish in a task.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogFailed(exception, name);
            Environment.ExitCode = InternalError;
            lifetime.StopApplication();
        }
    }

    [LoggerMessage(EventId = 100, Level = LogLevel.Debug, Message = "Stopped {Loop}")]
    private partial void LogStopped(string loop);

    [LoggerMessage(EventId = 101, Level = LogLevel.Critical, Message = "Stopping, for {Loop} failed")]
    private partial void LogFailed(Exception exception, string loop);
}
