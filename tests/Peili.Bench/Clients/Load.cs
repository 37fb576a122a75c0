using System.Globalization;
using System.Net;

namespace Peili.Bench.Clients;

/// <summary>Requests to send, one after the other on each connection.</summary>
/// <param name="Server">Where to.</param>
/// <param name="Method">GET or HEAD.</param>
/// <param name="Path">Path and query; <see cref="AnyDigest"/> in it stands for another digest in each request.</param>
internal sealed record Load(IPEndPoint Server, string Method, string Path)
{
    /// <summary>What a path has in place of a digest that nobody knows.</summary>
    public const string AnyDigest = "{digest}";

    /// <summary>Connections that send at the same time.</summary>
    public int Connections { get; init; } = 1;

    /// <summary>Requests on each connection before time is taken.</summary>
    public int WarmUp { get; init; }

    /// <summary>Requests on each connection that are measured.</summary>
    public int Requests { get; init; } = 1;

    /// <summary>The status that every answer must have.</summary>
    public int Status { get; init; } = 200;

    /// <summary>Reads what <see cref="ToArguments"/> made.</summary>
    public static Load Parse(string[] arguments) =>
        new(IPEndPoint.Parse(arguments[0]), arguments[1], arguments[2])
        {
            Connections = int.Parse(arguments[3], CultureInfo.InvariantCulture),
            WarmUp = int.Parse(arguments[4], CultureInfo.InvariantCulture),
            Requests = int.Parse(arguments[5], CultureInfo.InvariantCulture),
            Status = int.Parse(arguments[6], CultureInfo.InvariantCulture),
        };

    /// <summary>This load as arguments of <see cref="LoadClient"/>.</summary>
    public IEnumerable<string> ToArguments() =>
        [$"{Server}", Method, Path, .. new[] { Connections, WarmUp, Requests, Status }.Select(number => number.ToString(CultureInfo.InvariantCulture))];
}
