using System.Globalization;

namespace Peili.Terminal.Watching;

/// <summary>Asks again and again. Silence ends nothing: it is told, and so is who answers after it.</summary>
internal sealed class WatchLoop(IWatchView view, TimeSpan interval)
{
    private DateTimeOffset? _started;
    private bool _isSilent;

    /// <summary>Returns when <paramref name="cancellationToken"/> fires, or nobody reads standard output any more.</summary>
    public async Task RunAsync(Func<CancellationToken, Task<Answer>> ask, CancellationToken cancellationToken)
    {
        try
        {
            while (!StandardOutput.IsAbandoned)
            {
                await LookAsync(ask, cancellationToken);
                await Task.Delay(interval, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C: seen enough.
        }
    }

    private async Task LookAsync(Func<CancellationToken, Task<Answer>> ask, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await ask(cancellationToken);
            Greet(answer.Started);
            view.Show(answer);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            if (!_isSilent)
            {
                view.Say(string.Create(CultureInfo.InvariantCulture, $"{exception.Message} (asking again every {interval.TotalSeconds:0.#} s)"), isTrouble: true);
            }

            _isSilent = true;
        }
    }

    private void Greet(DateTimeOffset? started)
    {
        var isAnother = _started is not null && started is not null && _started != started;
        var anew = isAnother ? string.Create(CultureInfo.InvariantCulture, $"restarted at {started!.Value.ToLocalTime():HH:mm:ss}") : null;
        if (_isSilent)
        {
            view.Say(anew is null ? "it answers again" : $"it answers again: {anew}", isTrouble: false);
        }
        else if (anew is not null)
        {
            view.Say($"it was {anew}", isTrouble: false);
        }

        _isSilent = false;
        _started = started ?? _started;
    }
}
