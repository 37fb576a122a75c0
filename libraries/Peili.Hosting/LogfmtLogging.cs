using Microsoft.Extensions.Logging.Console;

namespace Peili.Hosting;

/// <summary>Sets logging up.</summary>
public static class LogfmtLogging
{
    /// <summary>Structured lines on standard error; standard output is left to <c>ready</c>.</summary>
    public static void AddLogfmt(this ILoggingBuilder logging, LogLevel level)
    {
        logging.SetMinimumLevel(level);

        // A body that ends short of its length is everyday business here and said by us; Kestrel would call it an application error each time.
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Critical);
        logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);

        // A start that fails is told in one line by the command.
        logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.Critical);
        logging.AddConsole(console =>
        {
            console.FormatterName = LogfmtFormatter.FormatterName;
            console.LogToStandardErrorThreshold = LogLevel.Trace;
        });
        logging.Services.AddSingleton<ConsoleFormatter, LogfmtFormatter>();
    }
}
