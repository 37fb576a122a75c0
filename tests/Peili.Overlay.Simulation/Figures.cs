using System.Globalization;
using System.Text;

namespace Peili.Overlay.Simulation;

/// <summary>The figures of a run, by name, with the targets of those that have one.</summary>
internal sealed class Figures(TextWriter output)
{
    private readonly SortedDictionary<string, (double Value, double? AtMost)> figures = new(StringComparer.Ordinal);

    private readonly SortedDictionary<string, string> explanations = new(StringComparer.Ordinal);

    public double this[string name] => figures[name].Value;

    public bool Contains(string name) => figures.ContainsKey(name);

    /// <summary>The lines of those that exceed their target.</summary>
    public IEnumerable<string> Missed => figures.Where(figure => figure.Value.Value > figure.Value.AtMost).Select(figure => Line(figure.Key));

    public void Add(string name, double value, double? atMost = null)
    {
        figures[name] = (value, atMost);
        output.WriteLine(Line(name));
    }

    /// <summary>Says from what a figure was computed.</summary>
    public void Explain(string name, string text)
    {
        explanations[name] = text;
        output.WriteLine($"  {text}");
    }

    /// <summary>One flat object of numbers, and of what explains them.</summary>
    public string ToJson()
    {
        var json = new StringBuilder("{\n");
        foreach (var (name, text) in explanations)
        {
            json.Append(CultureInfo.InvariantCulture, $"  \"{name}\": \"{text}\",\n");
        }

        foreach (var (name, figure) in figures)
        {
            json.Append(CultureInfo.InvariantCulture, $"  \"{name}\": {figure.Value:0.###},\n");
        }

        return json.Remove(json.Length - 2, 1).Append('}').Append('\n').ToString();
    }

    private string Line(string name)
    {
        var (value, atMost) = figures[name];
        var verdict = atMost is null ? "" : value <= atMost ? string.Create(CultureInfo.InvariantCulture, $"at most {atMost:0.###}")
            : string.Create(CultureInfo.InvariantCulture, $"MISSED, at most {atMost:0.###}");
        return string.Create(CultureInfo.InvariantCulture, $"{name,-36} {value,14:0.###}  {verdict}");
    }
}
