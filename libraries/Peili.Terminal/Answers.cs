using System.CommandLine;
using Peili.Terminal.Watching;

namespace Peili.Terminal;

/// <summary>Shows answers as the options of <see cref="AnswerOptions"/> say: once, or until somebody has seen enough.</summary>
public static class Answers
{
    /// <summary>Asks and shows, once or with <c>--watch</c> again and again.</summary>
    /// <param name="parsed">The options.</param>
    /// <param name="ask">Asks. What it waits for it says to the progress that it is given.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The exit status: that of the answer, or 0 when a watch was ended by Ctrl-C or SIGTERM.</returns>
    public static async Task<int> ShowAsync(ParseResult parsed, Func<Progress, CancellationToken, Task<Answer>> ask, CancellationToken cancellationToken)
    {
        var format = parsed.GetRequiredValue(AnswerOptions.Output).Value;
        if (parsed.GetValue(AnswerOptions.Watch))
        {
            await WatchAsync(format, TimeSpan.FromSeconds(parsed.GetValue(AnswerOptions.Interval)), ask, cancellationToken);
            return 0;
        }

        Answer answer;
        using (var progress = Progress.Start())
        {
            answer = await ask(progress, cancellationToken);
        }

        Output.Write(format, answer);
        return answer.Status;
    }

    private static async Task WatchAsync(OutputFormat format, TimeSpan interval, Func<Progress, CancellationToken, Task<Answer>> ask, CancellationToken cancellationToken)
    {
        using var interruption = new Interruption(cancellationToken);
        using IWatchView view = format is OutputFormat.Json or OutputFormat.Yaml ? new DocumentsView(format)
            : StandardOutput.CanRedraw ? new ScreenView(format, interval)
            : new ChangesView(format);
        await new WatchLoop(view, interval).RunAsync(token => ask(Progress.None, token), interruption.Token);
    }
}
