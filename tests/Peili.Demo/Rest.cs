using Peili.Reporting;

namespace Peili.Demo;

/// <summary>The time in which everything is left running for people to look at.</summary>
internal static class Rest
{
    /// <summary>Returns when somebody presses Enter, or <paramref name="cancellationToken"/> fires.</summary>
    public static async Task UntilToldAsync(Screen screen, CancellationToken cancellationToken)
    {
        screen.Line();
        screen.Line("Enter or Ctrl-C ends it all.");
        try
        {
            // Without a terminal there is no Enter, only a signal. Console.ReadLine knows no cancellation and so has a thread of its own.
            if (await Task.Run(Console.ReadLine, CancellationToken.None).WaitAsync(cancellationToken) is null)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // This is how it is meant to end; what the demonstration showed still stands.
        }
    }
}
