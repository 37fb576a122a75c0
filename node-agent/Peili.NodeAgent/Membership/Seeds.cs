using System.Net;
using System.Net.Sockets;
using Peili.NodeAgent.Configuration;
using Peili.NodeAgent.Security;
using Peili.Overlay;

namespace Peili.NodeAgent.Membership;

/// <summary>
/// The addresses behind <c>--seed</c> and <c>--seed-file</c>. Names are resolved, and the file read, whenever the overlay asks: again
/// and again while this node is alone, and every minute after that.
/// </summary>
internal sealed partial class Seeds(AgentOptions options, ILogger<Seeds> logger)
{
    /// <summary>Of the file, for each name is asked for at once; more than any start needs.</summary>
    private const int MaxSeeds = 1000;

    /// <summary>Of the log line, in characters: a file of another kind must not fill the log.</summary>
    private const int MaxProblems = 4000;

    private static readonly TimeSpan ResolveTimeout = TimeSpan.FromSeconds(5);

    /// <summary>What was logged last, so that a name that never resolves does not fill the log.</summary>
    private string _problems = string.Empty;

    /// <summary>Every address of every seed. Bounded by itself; names that do not resolve are logged and left out.</summary>
    public async ValueTask<IReadOnlyList<PeerAddress>> ResolveAsync(CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        var seeds = options.Seeds.Concat(ReadFile(problems)).Distinct().ToArray();
        var resolved = await Task.WhenAll(seeds.Select(seed => ResolveAsync(seed, problems, cancellationToken)));
        Report(string.Join("; ", problems.Order(StringComparer.Ordinal)));
        return [.. resolved.SelectMany(addresses => addresses).Distinct()];
    }

    /// <summary>One HOST:PORT a line; empty lines and lines that begin with # are skipped.</summary>
    private List<HostAndPort> ReadFile(List<string> problems)
    {
        var seeds = new List<HostAndPort>();
        if (options.SeedFile is not { } path)
        {
            return seeds;
        }

        try
        {
            foreach (var line in WatchedFiles.Read([path])[0].Split('\n', StringSplitOptions.TrimEntries).Where(line => line is not ("" or ['#', ..])))
            {
                if (!HostAndPort.TryParse(line, out var seed) || seed.Port == 0)
                {
                    problems.Add($"{path}: \"{line}\" is not HOST:PORT");
                }
                else if (seeds.Count < MaxSeeds)
                {
                    seeds.Add(seed);
                }
                else
                {
                    problems.Add($"{path}: only the first {MaxSeeds} seeds count");
                    break;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problems.Add(exception.Message);
        }

        return seeds;
    }

    private static async Task<IEnumerable<PeerAddress>> ResolveAsync(HostAndPort seed, List<string> problems, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(seed.Host, out var literal))
        {
            return [PeerAddress.From(new IPEndPoint(literal, seed.Port))];
        }

        try
        {
            var addresses = await Dns.GetHostAddressesAsync(seed.Host, cancellationToken).WaitAsync(ResolveTimeout, cancellationToken);
            return addresses.Select(address => PeerAddress.From(new IPEndPoint(address, seed.Port)));
        }
        catch (Exception exception) when (exception is SocketException or TimeoutException or ArgumentOutOfRangeException)
        {
            // An argument out of range is a name of more than 255 characters.
            lock (problems)
            {
                problems.Add($"{seed} does not resolve: {exception.Message}");
            }

            return [];
        }
    }

    private void Report(string problems)
    {
        if (Interlocked.Exchange(ref _problems, problems) != problems && problems.Length > 0)
        {
            LogProblems(problems.Length > MaxProblems ? problems[..MaxProblems] + "..." : problems);
        }
    }

    [LoggerMessage(EventId = 710, Level = LogLevel.Warning, Message = "Not every seed can be used: {Problems}")]
    private partial void LogProblems(string problems);
}
