using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Peili.NodeAgent.Tests.Support;

/// <summary>Everything an agent logged.</summary>
internal sealed class CapturedLog : ILoggerProvider
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text)> _lines = new();

    public IReadOnlyList<string> Errors => AtLeast(LogLevel.Error);

    public IReadOnlyList<string> AtLeast(LogLevel level) => [.. _lines.Where(line => line.Level >= level).Select(line => line.Text)];

    public ILogger CreateLogger(string categoryName) => For<CapturedLog>();

    public ILogger<T> For<T>() => new Sink<T>(_lines);

    public void Dispose()
    {
        // What was captured is read after the agent is gone.
    }

    private sealed class Sink<T>(ConcurrentQueue<(LogLevel Level, string Text)> lines) : ILogger<T>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue((logLevel, exception is null ? formatter(state, null) : $"{formatter(state, null)}: {exception}"));
    }
}
