using System.Text;

namespace Peili.Prometheus;

/// <summary>Names that both formats allow everywhere: ASCII letters, digits and <c>_</c>, in metrics also <c>:</c>, and no digit first.</summary>
internal static class PrometheusNames
{
    /// <summary>A metric's name; what is not allowed becomes <c>_</c>, several of them in a row one.</summary>
    public static string Metric(string name) => Clean(name, isMetric: true);

    /// <summary>A label's name; it never begins with <c>__</c>, which Prometheus keeps to itself.</summary>
    public static string Label(string name) => Clean(name, isMetric: false);

    private static string Clean(string name, bool isMetric)
    {
        var clean = new StringBuilder(name.Length + 1);
        if (name.Length == 0 || char.IsAsciiDigit(name[0]))
        {
            clean.Append('_');
        }

        foreach (var character in name)
        {
            if (char.IsAsciiLetterOrDigit(character) || (isMetric && character == ':'))
            {
                clean.Append(character);
            }
            else if (clean.Length == 0 || clean[^1] != '_')
            {
                clean.Append('_');
            }
        }

        return clean.ToString();
    }
}
