using System.Text;

namespace Peili.Prometheus.Tests.Support;

/// <summary>
/// A strict reader of what is scraped: what the formats forbid, and what their parsers forgive, is an error here. Text format 0.0.4 of
/// Prometheus, and OpenMetrics 1.0.0.
/// </summary>
internal sealed class Exposition
{
    private readonly bool _openMetrics;
    private readonly Dictionary<string, ExpositionFamily> _families = new(StringComparer.Ordinal);
    private ExpositionFamily? _open;

    private Exposition(bool openMetrics) => _openMetrics = openMetrics;

    /// <summary>Reads a whole exposition.</summary>
    /// <exception cref="FormatException">It breaks a rule; the message has the line.</exception>
    public static IReadOnlyDictionary<string, ExpositionFamily> Parse(ReadOnlySpan<byte> utf8, bool openMetrics)
    {
        var text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(utf8);
        return Parse(text, openMetrics);
    }

    /// <inheritdoc cref="Parse(ReadOnlySpan{byte}, bool)"/>
    public static IReadOnlyDictionary<string, ExpositionFamily> Parse(string text, bool openMetrics)
    {
        if (!text.EndsWith('\n') || text.Contains('\r'))
        {
            throw new FormatException("Every line must end in one line feed");
        }

        var exposition = new Exposition(openMetrics);
        var lines = text[..^1].Split('\n');
        if (openMetrics && lines[^1] != "# EOF")
        {
            throw new FormatException("The last line must be # EOF");
        }

        foreach (var line in openMetrics ? lines[..^1] : lines)
        {
            exposition.Read(line);
        }

        foreach (var family in exposition._families.Values)
        {
            ExpositionRules.Check(family, openMetrics);
        }

        return exposition._families;
    }

    private void Read(string text)
    {
        var line = new ExpositionLine(text);
        if (line.TryTake("# "))
        {
            ReadMetadata(line);
        }
        else
        {
            ReadSample(line);
        }
    }

    private void ReadMetadata(ExpositionLine line)
    {
        var (isType, isHelp) = (line.TryTake("TYPE "), line.TryTake("HELP "));
        if (!isType && !isHelp && !(_openMetrics && line.TryTake("UNIT ")))
        {
            throw line.Wrong("only TYPE, HELP and, in OpenMetrics, UNIT stand behind #");
        }

        var family = Open(line.TakeMetricName(), line);
        if (family.Samples.Count > 0)
        {
            throw line.Wrong("metadata must stand before the samples");
        }

        line.Take(" ");
        var value = isType ? line.TakeWord() : line.TakeRest();
        if ((isType ? family.Type : isHelp ? family.Help : family.Unit) is not null || !line.IsAtEnd)
        {
            throw line.Wrong("metadata is there twice, or more stands behind it");
        }

        if (isType)
        {
            family.Type = value;
        }
        else if (isHelp)
        {
            family.Help = line.Unescape(value, quotes: _openMetrics);
        }
        else
        {
            family.Unit = value;
        }
    }

    private void ReadSample(ExpositionLine line)
    {
        var name = line.TakeMetricName();
        var labels = line.TakeLabels();
        line.Take(" ");
        var value = line.TakeNumber();
        var exemplar = _openMetrics && !line.IsAtEnd ? line.TakeExemplar() : null;
        if (!line.IsAtEnd)
        {
            throw line.Wrong("more stands behind the value");
        }

        var family = _open is { } open && ExpositionRules.IsSampleOf(open, name, _openMetrics) ? open : throw line.Wrong($"{name} is no sample of the family above");
        family.Samples.Add(new ExpositionSample(name, labels, value, exemplar));
    }

    /// <summary>Families must not be interleaved.</summary>
    private ExpositionFamily Open(string name, ExpositionLine line)
    {
        if (_open?.Name == name)
        {
            return _open;
        }

        _open = new ExpositionFamily(name);
        return _families.TryAdd(name, _open) ? _open : throw line.Wrong($"family {name} was there already");
    }
}
