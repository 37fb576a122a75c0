using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Peili.Prometheus.Tests.Support;

/// <summary>Reads one line of an exposition, from left to right.</summary>
internal sealed partial class ExpositionLine(string text)
{
    private const int MostExemplarCharacters = 128;
    private const int MostMilliseconds = 60_000;

    private int _at;

    public bool IsAtEnd => _at == text.Length;

    public FormatException Wrong(string what) => new($"{what} at character {_at + 1} of: {text}");

    public bool TryTake(string expected)
    {
        if (string.CompareOrdinal(text, _at, expected, 0, expected.Length) != 0)
        {
            return false;
        }

        _at += expected.Length;
        return true;
    }

    public void Take(string expected)
    {
        if (!TryTake(expected))
        {
            throw Wrong($"expected \"{expected}\"");
        }
    }

    public string TakeMetricName() => TakeMatch(MetricName(), "a metric name");

    public string TakeWord() => TakeMatch(Word(), "a word");

    public string TakeRest()
    {
        var rest = text[_at..];
        _at = text.Length;
        return rest;
    }

    /// <summary>Reads <c>{a="1",b="2"}</c> where it stands; none otherwise.</summary>
    public Dictionary<string, string> TakeLabels()
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!TryTake("{"))
        {
            return labels;
        }

        while (!TryTake("}"))
        {
            if (labels.Count > 0)
            {
                Take(",");
            }

            var name = TakeMatch(LabelName(), "a label name");
            Take("=\"");
            if (name.StartsWith("__", StringComparison.Ordinal) || !labels.TryAdd(name, TakeQuoted()))
            {
                throw Wrong($"label {name} is reserved, or there twice");
            }
        }

        return labels;
    }

    public double TakeNumber()
    {
        var number = TakeMatch(Number(), "a number");
        return number switch
        {
            "+Inf" or "Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            "NaN" => double.NaN,
            _ => double.Parse(number, CultureInfo.InvariantCulture),
        };
    }

    /// <summary>Reads <c> # {..} value [timestamp]</c>.</summary>
    public ExpositionExemplar TakeExemplar()
    {
        Take(" # ");
        if (_at == text.Length || text[_at] != '{')
        {
            throw Wrong("expected the exemplar's labels");
        }

        var labels = TakeLabels();
        if (labels.Sum(label => label.Key.Length + label.Value.Length) > MostExemplarCharacters)
        {
            throw Wrong("the exemplar's labels are too long");
        }

        Take(" ");
        var value = TakeNumber();
        return new ExpositionExemplar(labels, value, TryTake(" ") ? TakeNumber() : null);
    }

    /// <summary>Undoes the escapes of a HELP text.</summary>
    public string Unescape(string escaped, bool quotes)
    {
        var plain = new StringBuilder();
        for (var at = 0; at < escaped.Length; at++)
        {
            if (escaped[at] == '"' && quotes)
            {
                throw Wrong("a quote is not escaped");
            }

            plain.Append(escaped[at] == '\\' ? UnescapeOne(++at < escaped.Length ? escaped[at] : ' ', quotes) : escaped[at]);
        }

        return plain.ToString();
    }

    private string TakeQuoted()
    {
        var value = new StringBuilder();
        while (_at < text.Length && text[_at] != '"')
        {
            value.Append(text[_at] == '\\' ? UnescapeOne(++_at < text.Length ? text[_at] : ' ', quotes: true) : text[_at]);
            _at++;
        }

        Take("\"");
        return value.ToString();
    }

    private char UnescapeOne(char escaped, bool quotes) => escaped switch
    {
        '\\' => '\\',
        'n' => '\n',
        '"' when quotes => '"',
        _ => throw Wrong($"\\{escaped} is no escape"),
    };

    private string TakeMatch(Regex pattern, string what)
    {
        var match = pattern.Match(text, _at);
        if (!match.Success)
        {
            throw Wrong($"expected {what}");
        }

        _at += match.Length;
        return match.Value;
    }

    [GeneratedRegex(@"\G[a-zA-Z_:][a-zA-Z0-9_:]*", RegexOptions.None, MostMilliseconds)]
    private static partial Regex MetricName();

    [GeneratedRegex(@"\G[a-zA-Z_][a-zA-Z0-9_]*", RegexOptions.None, MostMilliseconds)]
    private static partial Regex LabelName();

    [GeneratedRegex(@"\G[a-z]+", RegexOptions.None, MostMilliseconds)]
    private static partial Regex Word();

    [GeneratedRegex(@"\G(?:[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]?Inf|NaN)(?= |$)", RegexOptions.None, MostMilliseconds)]
    private static partial Regex Number();
}
