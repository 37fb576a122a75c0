using System.Globalization;
using System.Text.RegularExpressions;
using Peili.Crds.Schema;

namespace Peili.Crds;

/// <summary>The API's quantities: <c>256Ki</c>, <c>1G</c>, <c>500m</c>.</summary>
public static class Quantity
{
    private static readonly char[] s_numeric = [.. "0123456789."];
    private static readonly Regex s_syntax = new(Patterns.Quantity, Patterns.Options);

    /// <summary>Reads a quantity of at most 15 digits before the point and 9 behind it, not negative, without exponent.</summary>
    /// <returns>False where it is none.</returns>
    public static bool TryParse(string? text, out decimal value)
    {
        value = 0;
        if (text is null or [.., '\n'] || !s_syntax.IsMatch(text))
        {
            return false;
        }

        var suffix = text.TrimStart(s_numeric);
        value = decimal.Parse(text.AsSpan(0, text.Length - suffix.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) * Factor(suffix);
        return true;
    }

    /// <summary>Reads a quantity.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static decimal Parse(string text) =>
        TryParse(text, out var value) ? value : throw new FormatException($"\"{text}\" {Patterns.QuantityMessage}");

    private static decimal Factor(string suffix) => suffix switch
    {
        "" => 1m,
        "m" => 0.001m,
        "k" => 1e3m,
        "M" => 1e6m,
        "G" => 1e9m,
        "T" => 1e12m,
        "P" => 1e15m,
        "Ki" => 1L << 10,
        "Mi" => 1L << 20,
        "Gi" => 1L << 30,
        "Ti" => 1L << 40,
        _ => 1L << 50,
    };
}
