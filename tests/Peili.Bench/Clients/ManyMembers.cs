using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Peili.Overlay.Wire;

namespace Peili.Bench.Clients;

/// <summary>Has an agent hear of thousands of members, as another one would tell it of them. None of them is there.</summary>
internal static class ManyMembers
{
    private const uint Protocol = 1;
    private const uint Placement = 1;

    /// <summary>Alive, joined, ready: the claim in the low half, the status in the high half.</summary>
    private const byte JoinedAndReady = 0x10;

    /// <summary>Tells the agent.</summary>
    /// <param name="client">On a machine from which the agent is reached.</param>
    /// <param name="agent">The peer endpoint of an agent with --insecure.</param>
    /// <param name="count">How many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="HttpRequestException">It does not take them.</exception>
    public static async Task IntroduceAsync(HttpClient client, IPEndPoint agent, int count, CancellationToken cancellationToken)
    {
        var news = new News { Kind = ByteString.CopyFrom([.. Enumerable.Repeat(JoinedAndReady, count)]) };
        for (var number = 1; number <= count; number++)
        {
            news.Session.Add((ulong)number);
            news.Incarnation.Add(1);
            news.Record.Add(RecordOf(number).ToByteString());
        }

        using var body = new ByteArrayContent(new BulkRequest { Protocol = Protocol, Fetch = new FetchRequest { News = news } }.ToByteArray());
        body.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        using var answer = await client.PostAsync(new Uri($"http://{agent}/peili/v1/Bulk"), body, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Addresses are of RFC 2544's block for benchmarks.</summary>
    private static MemberRecord RecordOf(int number)
    {
        var bootId = new byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(bootId, number);
        return new MemberRecord
        {
            Name = string.Create(CultureInfo.InvariantCulture, $"ip-198-18-{number / 250}-{number % 250}.eu-north-1.compute.internal"),
            BootId = ByteString.CopyFrom(bootId),
            Epoch = 1_700_000_000_000,
            Address = ByteString.CopyFrom(198, 18, (byte)(number / 250), (byte)((number % 250) + 1)),
            Port = 29951,
            Zone = "eu-north-1" + "abc"[number % 3],
            Version = "0.1.0",
            Protocol = Protocol,
            Placement = Placement,
        };
    }
}
