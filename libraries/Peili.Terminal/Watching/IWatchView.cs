namespace Peili.Terminal.Watching;

/// <summary>Where a watch is shown.</summary>
internal interface IWatchView : IDisposable
{
    /// <summary>Shows an answer; the last may have been the same.</summary>
    void Show(Answer answer);

    /// <summary>Says what happened to the asking itself.</summary>
    /// <param name="text">A sentence.</param>
    /// <param name="isTrouble">Whether there are no answers from now on.</param>
    void Say(string text, bool isTrouble);
}
