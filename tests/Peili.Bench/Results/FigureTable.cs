using System.Globalization;
using Peili.Reporting;
using Spectre.Console;

namespace Peili.Bench.Results;

/// <summary>The figures as a table, and a plain line for every target that was missed.</summary>
internal static class FigureTable
{
    public static void Show(Screen screen, IReadOnlyList<Figure> figures)
    {
        var table = screen.NewTable("key", "what", ">figure", "unit", ">target", "met");
        foreach (var figure in figures)
        {
            table.AddRow(
                figure.Key,
                figure.What,
                Format(figure.Value),
                figure.Unit,
                figure.Target is { } target ? Describe(target) : "",
                figure.Target is null ? "" : IsMet(figure) ? "[green]yes[/]" : "[red bold]NO[/]");
        }

        screen.Show(table);
        foreach (var missed in figures.Where(figure => !IsMet(figure)))
        {
            screen.Line($"[red bold]TARGET MISSED[/]  {missed.Key}: {Format(missed.Value)} {missed.Unit}, should be {Describe(missed.Target!)}");
        }
    }

    private static bool IsMet(Figure figure) => figure.Target?.IsMetBy(figure.Value) ?? true;

    private static string Describe(Target target) => $"{(target.IsLeast ? ">=" : "<=")} {target.Bound.ToString("0.##", CultureInfo.InvariantCulture)}";

    private static string Format(double value) => value.ToString(value < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture);
}
