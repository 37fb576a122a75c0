using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using Peili.NodeAgent.Configuration;

namespace Peili.NodeAgent.Commands;

/// <summary>The options of <c>serve</c> about who reads its metrics. On the ops listener they are always there.</summary>
internal static class MetricsArguments
{
    private const string OtlpPath = "/v1/metrics";

    private static readonly Option<IPEndPoint?> Address = new("--metrics-address")
    {
        Description = "Listener for /metrics alone, under TLS and for a bearer token, such as [::]:29953 (default: none).",
        HelpName = "IP:PORT",
        CustomParser = CommonOptions.ParseEndPoint,
    };

    private static readonly Option<string?> Token = new("--metrics-token-file")
    {
        Description = "Bearer tokens that the metrics listener lets scrapers in by, one a line (watched).",
        HelpName = "FILE",
    };

    private static readonly Option<string?> Certificate = new("--metrics-tls-cert")
    {
        Description = "The metrics listener's certificate, PEM (watched; default: that of --tls-cert).",
        HelpName = "FILE",
    };

    private static readonly Option<string?> Key = new("--metrics-tls-key")
    {
        Description = "Its private key, PEM (watched; default: that of --tls-key).",
        HelpName = "FILE",
    };

    private static readonly Option<Uri?> Otlp = new("--otlp-endpoint")
    {
        Description = "Where to send metrics once a minute too, by OTLP over HTTP, such as http://collector:4318 (default: nowhere).",
        HelpName = "URL",
        CustomParser = ParseOtlp,
    };

    public static IReadOnlyList<Option> All { get; } = [Address, Token, Certificate, Key, Otlp];

    public static Uri? BindOtlp(ParseResult parsed) => parsed.GetValue(Otlp);

    /// <summary>The listener's address and files; null for no listener.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="tls">The files of mutual TLS; null with --insecure.</param>
    /// <exception cref="UsageException">They do not go together.</exception>
    public static (IPEndPoint Address, MetricsFiles Files)? Bind(ParseResult parsed, TlsFiles? tls)
    {
        var files = new MetricsFiles(parsed.GetValue(Token), parsed.GetValue(Certificate), parsed.GetValue(Key));
        if ((files.Certificate is null) != (files.Key is null))
        {
            throw new UsageException($"{Certificate.Name} and {Key.Name} belong together: give both or neither");
        }

        if (parsed.GetValue(Address) is not { } address)
        {
            return files is { Token: null, Certificate: null } ? null : throw new UsageException($"{Token.Name}, {Certificate.Name} and {Key.Name} are of no use without {Address.Name}");
        }

        if (tls is null)
        {
            return (address, files);
        }

        return files.Token is null
            ? throw new UsageException($"{Token.Name} must be given with {Address.Name} ({Token.Description}); or --insecure, for tests and single machines only")
            : (address, files.Certificate is null ? files with { Certificate = tls.Certificate, Key = tls.Key } : files);
    }

    private static Uri? ParseOtlp(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (Uri.TryCreate(text, UriKind.Absolute, out var endpoint) && endpoint is { Scheme: "http" or "https", Query: "", UserInfo: "" })
        {
            return endpoint.AbsolutePath == "/" ? new Uri(endpoint, OtlpPath) : endpoint;
        }

        result.AddError($"{CommonOptions.NameOf(result)} must be an http or https URL, such as http://collector:4318, not \"{text}\"");
        return null;
    }
}
