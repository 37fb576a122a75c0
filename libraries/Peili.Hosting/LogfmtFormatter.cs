using System.Buffers;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Peili.Hosting;

/// <summary>One line a message in logfmt: <c>time=... level=info component=PeerHealth msg="..." peer=10.0.0.2:29951</c>. Reads well and parses well.</summary>
public sealed class LogfmtFormatter(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    /// <summary>Its name among console formatters.</summary>
    public const string FormatterName = "logfmt";

    /// <summary>Besides what logfmt gives a meaning, all that a terminal might take for a command or a reader for the end of the line.</summary>
    private static readonly SearchValues<char> Special = SearchValues.Create(
        [' ', '"', '=', '\\', '\u2028', '\u2029', .. Enumerable.Range(0, 256).Select(code => (char)code).Where(char.IsControl)]);

    private const string TemplateKey = "{OriginalFormat}";

    /// <inheritdoc/>
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        textWriter.Write("time=");
        textWriter.Write(time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
        textWriter.Write(" level=");
        textWriter.Write(NameOf(logEntry.LogLevel));
        Write(textWriter, "component", logEntry.Category[(logEntry.Category.LastIndexOf('.') + 1)..]);
        Write(textWriter, "msg", logEntry.Formatter(logEntry.State, null));
        if (logEntry.State is IReadOnlyList<KeyValuePair<string, object?>> fields)
        {
            foreach (var (key, value) in fields)
            {
                if (key != TemplateKey)
                {
                    Write(textWriter, key, Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty);
                }
            }
        }

        if (logEntry.Exception is { } exception)
        {
            Write(textWriter, "error", exception.ToString());
        }

        textWriter.Write('\n');
    }

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "error",
        _ => "fatal",
    };

    private static void Write(TextWriter writer, string key, string value)
    {
        writer.Write(' ');
        writer.Write(char.ToLowerInvariant(key[0]));
        writer.Write(key.AsSpan(1));
        writer.Write('=');
        if (value.Length > 0 && !value.AsSpan().ContainsAny(Special))
        {
            writer.Write(value);
            return;
        }

        writer.Write('"');
        foreach (var character in value)
        {
            WriteEscaped(writer, character);
        }

        writer.Write('"');
    }

    private static void WriteEscaped(TextWriter writer, char character)
    {
        switch (character)
        {
            case '"':
                writer.Write("\\\"");
                break;
            case '\\':
                writer.Write("\\\\");
                break;
            case '\n':
                writer.Write("\\n");
                break;
            case '\u2028' or '\u2029':
            case var control when char.IsControl(control):
                writer.Write(string.Create(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"));
                break;
            default:
                writer.Write(character);
                break;
        }
    }
}
