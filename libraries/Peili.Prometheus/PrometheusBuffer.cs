using System.Buffers;
using System.Globalization;
using System.Text;

namespace Peili.Prometheus;

/// <summary>UTF-8 text that grows in memory of the pool.</summary>
internal sealed class PrometheusBuffer : IDisposable
{
    private const int FirstLength = 64 * 1024;

    /// <summary>The longest number: a double's 24 characters, and room.</summary>
    private const int MostDigits = 32;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(FirstLength);
    private int _length;

    /// <summary>What was written so far.</summary>
    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);

    public void Write(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Room(text.Length));
        _length += text.Length;
    }

    public void Write(string text) => _length += Encoding.UTF8.GetBytes(text, Room(Encoding.UTF8.GetMaxByteCount(text.Length)));

    public void Write(long number)
    {
        number.TryFormat(Room(MostDigits), out var written, default, CultureInfo.InvariantCulture);
        _length += written;
    }

    /// <summary>The shortest form that reads back as the same number; <c>+Inf</c>, <c>-Inf</c> and <c>NaN</c> as both formats spell them.</summary>
    public void Write(double number)
    {
        if (!double.IsFinite(number))
        {
            Write(double.IsNaN(number) ? "NaN"u8 : number > 0 ? "+Inf"u8 : "-Inf"u8);
            return;
        }

        number.TryFormat(Room(MostDigits), out var written, default, CultureInfo.InvariantCulture);
        _length += written;
    }

    /// <summary>Writes a text with backslashes before backslashes, line feeds (as n) and, where asked, quotes.</summary>
    public void WriteEscaped(string text, bool quotes)
    {
        if (text.AsSpan().IndexOfAny('\\', '\n', '"') < 0)
        {
            Write(text);
            return;
        }

        var escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        Write(quotes ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped);
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        _length = 0;
    }

    private Span<byte> Room(int length)
    {
        if (_bytes.Length - _length < length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, _length + length));
            Written.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }

        return _bytes.AsSpan(_length);
    }
}
