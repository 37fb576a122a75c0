using Peili.Reporting;
using Spectre.Console;

namespace Peili.Demo;

/// <summary>What was promised, each with whether it was so.</summary>
internal sealed class Promises(Screen screen)
{
    /// <summary>Whether none is broken so far.</summary>
    public bool AllKept { get; private set; } = true;

    /// <summary>Says that a promise was kept, or how it was broken: a line for each item of <paramref name="problems"/>.</summary>
    public void Check(string promise, IReadOnlyCollection<string> problems)
    {
        if (problems.Count == 0)
        {
            screen.Line($"[green]kept[/]    {Markup.Escape(promise)}");
            return;
        }

        AllKept = false;
        foreach (var problem in problems)
        {
            screen.Line($"[red]BROKEN[/]  {Markup.Escape($"{promise}: {problem}")}");
        }
    }
}
