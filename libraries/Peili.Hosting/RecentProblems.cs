using System.Globalization;
using System.Text.RegularExpressions;

namespace Peili.Hosting;

/// <summary>
/// Keeps the warnings and errors that were logged last, each once with how often it came, for a page to show. A page is open to more people than a
/// log is: credentials in a URL or behind a name such as token= are left out.
/// </summary>
public sealed class RecentProblems(TimeProvider time) : ILoggerProvider
{
    /// <summary>How many are kept.</summary>
    public const int Most = 50;

    private const int MaxMessage = 1000;

    private static readonly Regex UserAndPassword = new(@"://[^/\s@]+@", RegexOptions.NonBacktracking);

    /// <summary>Values that are called a secret.</summary>
    private static readonly Regex Called = new(
        """(?<name>(?:authorization|password|secret|signature|token)["']?\s*[=:]\s*(?:(?:basic|bearer)\s+)?)[^\s&,;]+""", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase);

    private readonly Lock _lock = new();

    /// <summary>The one that came last at the end.</summary>
    private readonly List<(string Kind, Problem Problem)> _problems = [];

    /// <summary>Those kept, the newest first.</summary>
    public IReadOnlyList<Problem> Read()
    {
        lock (_lock)
        {
            return [.. _problems.Select(kept => kept.Problem).Reverse()];
        }
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName)
    {
        ArgumentNullException.ThrowIfNull(categoryName);
        return new Sink(this, categoryName[(categoryName.LastIndexOf('.') + 1)..]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // What was kept is memory alone.
    }

    private void Add(LogLevel level, string component, string text)
    {
        var open = Called.Replace(UserAndPassword.Replace(text, "://***@"), "${name}***");
        var message = open.Length > MaxMessage ? string.Concat(open.AsSpan(0, MaxMessage), "...") : open;
        var name = level switch { LogLevel.Warning => "warning", LogLevel.Error => "error", _ => "critical" };
        var kind = KindOf(name, component, message);
        var now = time.GetUtcNow();
        lock (_lock)
        {
            var place = _problems.FindIndex(kept => kept.Kind == kind);
            var added = place < 0
                ? new Problem(name, component, message, now, now, 1)
                : _problems[place].Problem with { Message = message, Last = now, Count = _problems[place].Problem.Count + 1 };
            if (place >= 0 || _problems.Count == Most)
            {
                _problems.RemoveAt(Math.Max(place, 0));
            }

            _problems.Add((kind, added));
        }
    }

    /// <summary>What differs in a number that stands alone, as in "again in 2.5 s", is the same problem.</summary>
    private static string KindOf(string level, string component, string message) =>
        $"{level} {component} {string.Join(' ', message.Split(' ').Select(word => IsNumber(word) ? "#" : word))}";

    private static bool IsNumber(string word) => double.TryParse(word.TrimEnd(',', ';', ':', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _);

    private sealed class Sink(RecentProblems problems, string component) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Warning and not LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                var text = formatter(state, null);
                problems.Add(logLevel, component, exception is null ? text : $"{text}: {exception.GetType().Name}: {exception.Message}");
            }
        }
    }
}
