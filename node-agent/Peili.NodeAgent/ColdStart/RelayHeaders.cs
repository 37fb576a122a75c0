namespace Peili.NodeAgent.ColdStart;

/// <summary>What a parent says of itself.</summary>
internal static class RelayHeaders
{
    /// <summary>The nodes from the origin down to the parent, itself included, with blanks between.</summary>
    public const string Path = "X-Peili-Path";

    /// <summary>Nodes to ask instead, with blanks between; together with status 503.</summary>
    public const string Instead = "X-Peili-Instead";

    private const int MostNames = 32;

    /// <summary>Reads node names.</summary>
    public static string[] ReadNames(HttpResponseMessage response, string header) =>
        response.Headers.TryGetValues(header, out var values) ? [.. values.First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(MostNames)] : [];

    /// <summary>Writes node names.</summary>
    public static void WriteNames(HttpResponse response, string header, IEnumerable<string> names) => response.Headers[header] = string.Join(' ', names);
}
