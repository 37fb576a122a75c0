using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Peili.NodeAgent.ColdStart;
using Peili.NodeAgent.Configuration;
using Peili.Terminal;

namespace Peili.NodeAgent.Commands;

/// <summary>The options of <c>serve</c> about blobs on their way, and about what this node gives to others.</summary>
internal static class RelayArguments
{
    private const int MostUploads = 1024;
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);
    private static readonly RelayOptions Defaults = new();

    private static readonly Option<Word<bool>> Mode = WordOption.Create(
        "--relay",
        "Whether blobs are streamed from nodes that are still fetching them (on), so that many nodes that want one new image fetch it once.",
        true,
        ("on", true), ("off", false));

    private static readonly Option<TimeSpan?> Wait = new("--relay-wait")
    {
        Description = $"How long a pull waits for the first byte from a node that is fetching, up to 1m (for one repository, in half a minute; default: {Defaults.Wait.TotalSeconds}s).",
        HelpName = "DURATION",
        CustomParser = ParseWait,
    };

    private static readonly Option<long?> MinRate = new("--relay-min-rate")
    {
        Description = $"Bytes a second below which a pull asks to go upstream by itself, such as 1M; 0 for none (default: {Defaults.MinRate / 1024}Ki).",
        HelpName = "RATE",
        CustomParser = ParseRate,
    };

    private static readonly Option<long?> UploadRate = new("--upload-rate")
    {
        Description = "The most bytes a second that this node sends to others, such as 100M (default: no bound).",
        HelpName = "RATE",
        CustomParser = ParsePositiveRate,
    };

    private static readonly Option<int> Uploads = new("--uploads")
    {
        Description = "The most blobs that this node streams to others at once, from 1 to 1024.",
        HelpName = "NUMBER",
        DefaultValueFactory = _ => Defaults.Uploads,
        CustomParser = ParseUploads,
    };

    public static IReadOnlyList<Option> All { get; } = [Mode, Wait, MinRate, UploadRate, Uploads];

    public static RelayOptions Bind(ParseResult parsed) => new()
    {
        IsOn = parsed.GetRequiredValue(Mode).Value,
        Wait = parsed.GetValue(Wait) ?? Defaults.Wait,
        MinRate = parsed.GetValue(MinRate) ?? Defaults.MinRate,
        UploadRate = parsed.GetValue(UploadRate),
        Uploads = parsed.GetRequiredValue(Uploads),
    };

    private static TimeSpan? ParseWait(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (Quantities.ParseDuration(text) is { } wait && wait <= LongestWait)
        {
            return wait;
        }

        result.AddError($"{CommonOptions.NameOf(result)} must be a duration of at most 1m, such as 2s or 500ms, not \"{text}\"");
        return default;
    }

    private static long? ParseRate(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (Quantities.ParseBytes(text) is { } rate)
        {
            return rate;
        }

        result.AddError($"{CommonOptions.NameOf(result)} must be a number of bytes a second with at most k, M, G, Ki, Mi or Gi after it, such as 256Ki, not \"{text}\"");
        return null;
    }

    private static long? ParsePositiveRate(ArgumentResult result)
    {
        var rate = ParseRate(result);
        if (rate == 0)
        {
            result.AddError($"{CommonOptions.NameOf(result)} must be more than 0; leave it out for no bound");
        }

        return rate;
    }

    private static int ParseUploads(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= MostUploads)
        {
            return number;
        }

        result.AddError($"{CommonOptions.NameOf(result)} must be a number from 1 to {MostUploads}, not \"{text}\"");
        return default;
    }
}
