using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Peili.Hosting;
using Peili.NodeAgent.Tests.Support;

namespace Peili.NodeAgent.Tests.Logging;

public sealed class LogfmtFormatterTests
{
    [Fact]
    public void A_line_has_time_level_component_message_and_fields() =>
        Format("Avoiding {Peer} for {Seconds} s", ("Peer", "10.0.0.2:29951"), ("Seconds", 1.5))
            .ShouldBe("time=2026-01-01T00:00:00.000Z level=warn component=PeerHealth msg=\"the message\" peer=10.0.0.2:29951 seconds=1.5\n");

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("sha256:0a", "sha256:0a")]
    [InlineData("/v2/ä/ö", "/v2/ä/ö")]
    [InlineData("", "\"\"")]
    [InlineData("two words", "\"two words\"")]
    [InlineData("a=b", "\"a=b\"")]
    [InlineData("say \"no\"", "\"say \\\"no\\\"\"")]
    [InlineData("back\\slash", "\"back\\\\slash\"")]
    [InlineData("two\nlines", "\"two\\nlines\"")]
    [InlineData("a\r\tb", "\"a\\u000d\\u0009b\"")]
    [InlineData("\u001b[2J", "\"\\u001b[2J\"")]
    [InlineData("nul\0", "\"nul\\u0000\"")]
    [InlineData("\u007f", "\"\\u007f\"")]
    [InlineData("\u0085", "\"\\u0085\"")]
    [InlineData("\u2028", "\"\\u2028\"")]
    public void A_value_is_escaped_so_that_nothing_it_holds_leaves_its_place(string value, string written) =>
        Format("{Path}", ("Path", value)).ShouldEndWith($" path={written}\n");

    [Fact]
    public void An_exception_is_one_field_of_the_one_line()
    {
        var line = Format(new InvalidOperationException("first\nsecond"), "{Key}", ("Key", null));

        line.ShouldContain(" key=\"\" error=\"System.InvalidOperationException: first\\nsecond\"\n");
        line.Count(character => character == '\n').ShouldBe(1);
    }

    [Theory]
    [InlineData(LogLevel.Trace, "trace")]
    [InlineData(LogLevel.Debug, "debug")]
    [InlineData(LogLevel.Information, "info")]
    [InlineData(LogLevel.Warning, "warn")]
    [InlineData(LogLevel.Error, "error")]
    [InlineData(LogLevel.Critical, "fatal")]
    public void A_level_has_a_short_name(LogLevel level, string name) => Write(level, null, []).ShouldContain($" level={name} ");

    private static string Format(string template, params (string Key, object? Value)[] fields) => Format(null, template, fields);

    private static string Format(Exception? exception, string template, params (string Key, object? Value)[] fields) =>
        Write(LogLevel.Warning, exception, [.. fields.Select(field => KeyValuePair.Create(field.Key, field.Value)), new("{OriginalFormat}", template)]);

    private static string Write(LogLevel level, Exception? exception, IReadOnlyList<KeyValuePair<string, object?>> state)
    {
        using var writer = new StringWriter();
        var entry = new LogEntry<IReadOnlyList<KeyValuePair<string, object?>>>(
            level, "Peili.NodeAgent.Peers.PeerHealth", default, state, exception, static (_, _) => "the message");
        new LogfmtFormatter(new ManualTimeProvider()).Write(entry, null, writer);
        return writer.ToString();
    }
}
