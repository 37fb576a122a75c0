using System.Net;
using System.Security.Cryptography;
using Peili.Bench.Results;
using Peili.LocalCluster;
using Peili.LocalCluster.Agents;

namespace Peili.Bench.Measurements;

/// <summary>Resident memory of two agents while one streams 20 blobs to the other that its containerd is still receiving.</summary>
internal static class GrowingMeasurement
{
    private const int Blobs = 20;
    private const int Blocks = 48;
    private const int BlockSize = 1024 * 1024;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    /// <summary>Starts the holder's agent anew, so that it may have as many children as there are blobs.</summary>
    public static async Task<IReadOnlyList<Figure>> RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        await bench.Holder.Agent.StopAsync(cancellationToken);
        await bench.Holder.Agent.StartAsync(new AgentOptions { ExtraArguments = ["--uploads", $"{Blobs}"] }, cancellationToken);
        await bench.WaitReadyAsync(cancellationToken);
        var blocks = Enumerable.Range(0, Blobs).Select(_ => RandomNumberGenerator.GetBytes(BlockSize)).ToArray();
        var digests = blocks.Select(DigestOf).ToArray();
        var sources = digests.Select(digest => new MadeUpIngest(bench.Holder, digest, (long)Blocks * BlockSize)).ToArray();
        var sinks = digests.Select(digest => new MadeUpIngest(bench.Relay, digest, (long)Blocks * BlockSize)).ToArray();
        try
        {
            await BecomeOriginAsync(bench.Holder, digests, cancellationToken);
            return [new Figure("relay.rss.mib", $"memory, {Blobs} growing blobs from agent to agent, larger agent", await StreamAsync(bench, blocks, digests, sources, cancellationToken), "MiB", Target.AtMost(128))];
        }
        finally
        {
            Array.ForEach([.. sources, .. sinks], ingest => ingest.Dispose());
        }
    }

    private static async Task<double> StreamAsync(Workbench bench, byte[][] blocks, string[] digests, MadeUpIngest[] sources, CancellationToken cancellationToken)
    {
        var most = 0.0;
        Task<long>[] transfers = [];
        using var client = bench.Relay.Machine.CreateHttpClient();
        for (var block = 0; block < Blocks; block++)
        {
            for (var blob = 0; blob < Blobs; blob++)
            {
                sources[blob].Write(blocks[blob]);
            }

            transfers = block == 0 ? [.. digests.Select(digest => FetchAsync(client, digest, cancellationToken))] : transfers;
            await Task.Delay(Period, cancellationToken);
            most = Math.Max(most, Math.Max(ReadResident(bench.Holder), ReadResident(bench.Relay)));
        }

        var received = await Task.WhenAll(transfers);
        return received.All(length => length == (long)Blocks * BlockSize) ? most : throw new InvalidOperationException($"{received.Min()} bytes came of a blob of {(long)Blocks * BlockSize}");
    }

    private static async Task<long> FetchAsync(HttpClient client, string digest, CancellationToken cancellationToken)
    {
        using var answer = await client.GetAsync(UriOf(digest), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        answer.EnsureSuccessStatusCode();
        await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[BlockSize];
        var length = 0L;
        while (await body.ReadAsync(buffer, cancellationToken) is var read and > 0)
        {
            length += read;
        }

        return length;
    }

    private static async Task BecomeOriginAsync(ClusterNode node, string[] digests, CancellationToken cancellationToken)
    {
        using var client = node.Machine.CreateHttpClient();
        foreach (var digest in digests)
        {
            using var answer = await client.GetAsync(UriOf(digest), cancellationToken);
            if (answer.StatusCode != HttpStatusCode.NotFound)
            {
                throw new InvalidOperationException($"{node.Name} answered {(int)answer.StatusCode} for a blob that it is to fetch itself");
            }
        }
    }

    private static Uri UriOf(string digest) => new($"http://{AgentProcess.RegistryEndpoint}{Workbench.PathOf(digest)}");

    private static string DigestOf(byte[] block)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var count = 0; count < Blocks; count++)
        {
            hash.AppendData(block);
        }

        return $"sha256:{Convert.ToHexStringLower(hash.GetHashAndReset())}";
    }

    private static double ReadResident(ClusterNode node) => node.Agent.Process.ReadUsage().ResidentBytes / Units.Mebibyte;
}
