namespace Peili.Operator.Hosting;

/// <summary>Logs what goes wrong with the API server where work goes on by itself.</summary>
internal sealed partial class FailureLog(ILogger<FailureLog> logger)
{
    /// <summary>A list or a watch failed, and is tried again.</summary>
    public void Followed(Exception exception, TimeSpan delay) => LogFollowed(exception.Message, delay.TotalSeconds);

    /// <summary>An event was not written.</summary>
    public void Recorded(Exception exception) => LogRecorded(exception.Message);

    [LoggerMessage(EventId = 130, Level = LogLevel.Warning, Message = "Following the API server: {Reason}; again in {Seconds:0.0} s")]
    private partial void LogFollowed(string reason, double seconds);

    [LoggerMessage(EventId = 131, Level = LogLevel.Warning, Message = "An event was not written: {Reason}")]
    private partial void LogRecorded(string reason);
}
