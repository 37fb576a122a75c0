using System.Diagnostics;
using System.Globalization;

namespace Peili.Terminal;

/// <summary>
/// One line on standard error that says what is being waited for and since when, or how much of it is done. It comes when that takes longer than a
/// moment, on terminals alone, and is gone when it is over.
/// </summary>
public sealed class Progress : IDisposable
{
    private const int BarWidth = 30;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);

    private readonly Lock _drawing = new();
    private readonly Timer? _timer;
    private string? _what;
    private (int Done, int Total)? _count;
    private long _since = Stopwatch.GetTimestamp();
    private bool _isDrawn;
    private bool _isOver;

    private Progress(bool isShown) => _timer = isShown ? new Timer(_ => Draw(), state: null, Patience, Period) : null;

    /// <summary>One that is never seen.</summary>
    public static Progress None { get; } = new(isShown: false);

    /// <summary>Begins; nothing is shown before the first <see cref="Say"/>.</summary>
    public static Progress Start() => new(StandardOutput.ErrorIsTerminal);

    /// <summary>Begins to wait for something.</summary>
    /// <param name="what">What is done, such as <c>restarting containerd.service</c>.</param>
    public void Say(string what)
    {
        lock (_drawing)
        {
            (_what, _count, _since) = (what, null, Stopwatch.GetTimestamp());
        }
    }

    /// <summary>Says how much is done.</summary>
    public void Count(int done, int total)
    {
        lock (_drawing)
        {
            _count = (done, total);
        }
    }

    /// <summary>Writes a line to standard output, which may be the same terminal.</summary>
    public void WriteLine(string line)
    {
        lock (_drawing)
        {
            Erase();
            Console.WriteLine(line);
        }
    }

    /// <summary>Takes the line away.</summary>
    public void Dispose()
    {
        _timer?.Dispose();
        lock (_drawing)
        {
            _isOver = true;
            Erase();
        }
    }

    /// <summary>The line as it is drawn.</summary>
    internal static string Text(string what, (int Done, int Total)? count, TimeSpan elapsed, int width)
    {
        var text = count is { Total: > 0 } known
            ? string.Create(CultureInfo.InvariantCulture, $"[{Bar(known.Done, known.Total)}] {known.Done} of {known.Total}  {what}")
            : string.Create(CultureInfo.InvariantCulture, $"{what} ... {elapsed.TotalSeconds:0} s");
        return text.Length < width ? text : text[..(width - 1)];
    }

    private static string Bar(int done, int total) => new string('#', done * BarWidth / total).PadRight(BarWidth, '-');

    private void Draw()
    {
        lock (_drawing)
        {
            if (!_isOver && _what is not null)
            {
                Console.Error.Write($"\r{Text(_what, _count, Stopwatch.GetElapsedTime(_since), StandardOutput.ErrorWidth)}\e[K");
                _isDrawn = true;
            }
        }
    }

    private void Erase()
    {
        if (_isDrawn)
        {
            Console.Error.Write("\r\e[K");
            _isDrawn = false;
        }
    }
}
