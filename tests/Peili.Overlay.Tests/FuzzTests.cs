using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using Peili.Overlay.Security;

namespace Peili.Overlay.Tests;

/// <summary>Nothing from the network crashes an agent, makes it allocate without bound, or, without the key, changes its view.</summary>
public sealed class FuzzTests
{
    /// <summary>Rounds of each fuzzer; `make fuzz` sets more, and another seed each time.</summary>
    private static readonly int Rounds =
        int.Parse(Environment.GetEnvironmentVariable("PEILI_FUZZ_ROUNDS") ?? "3000", CultureInfo.InvariantCulture);

    private static readonly int Seed =
        int.Parse(Environment.GetEnvironmentVariable("PEILI_FUZZ_SEED") ?? "1", CultureInfo.InvariantCulture);

    [Fact]
    public void Arbitrary_bytes_change_nothing()
    {
        using var simulation = FactFromSimulation.Settled(4);
        var target = simulation.Nodes[0];
        var hash = target.Node!.Core.View.Hash;
        var property = Prop.ForAll<byte[]>(bytes =>
        {
            target.Node.Received(bytes, simulation.Nodes[1].Address);
            target.Node.Serve(bytes);
            target.Node.Served();
            target.Node.CallEnded((uint)bytes.Length, bytes);
            return target.Node.Core.View.Hash == hash;
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Rounds / 4).WithReplay((ulong)Seed, 1), property);
    }

    [Fact]
    public void Damaged_packets_without_the_key_change_nothing()
    {
        using var simulation = FactFromSimulation.Settled(4);
        var target = simulation.Nodes[0];
        var packets = new List<byte[]>();
        simulation.Network.Tap = (_, to, bytes) => packets.Add(bytes);
        simulation.RunFor(TimeSpan.FromSeconds(2));
        simulation.Network.Tap = null;
        var (hash, random) = (target.Node!.Core.View.Hash, new Random(Seed));
        for (var round = 0; round < Rounds; round++)
        {
            target.Node.Received(Mutate(packets[random.Next(packets.Count)], random), simulation.Nodes[1].Address);
            target.Node.Core.View.Hash.ShouldBe(hash);
        }
    }

    [Fact]
    public void Damaged_messages_of_a_member_with_the_key_do_not_crash_and_allocate_within_a_bound()
    {
        using var simulation = FactFromSimulation.Settled(6);
        var (target, sender) = (simulation.Nodes[0], simulation.Nodes[1]);
        var messages = MessageCatalog.Datagrams(sender).Values.Select(message => message.ToByteArray()).ToArray();
        var random = new Random(Seed);
        var sealing = new PacketSeal(Simulation.Simulation.DefaultKeys, new SessionCiphers(16));
        var record = sender.Node!.Core.SelfRecord;
        var packet = new byte[1400];
        var most = 0L;
        for (var round = 0; round < Rounds; round++)
        {
            var message = Mutate(messages[random.Next(messages.Length)], random);
            var header = new PacketHeader
            {
                Version = ProtocolVersion.Current,
                To = target.Node!.Core.SelfRecord.Session,
                From = record.Session,
                Counter = (ulong)(1_000_000 + round),
            };
            var length = sealing.Seal(header, record.Identity, message.AsSpan(0, Math.Min(message.Length, 1100)), packet);
            var before = GC.GetAllocatedBytesForCurrentThread();
            target.Node.Received(packet.AsSpan(0, length), sender.Address);
            most = Math.Max(most, GC.GetAllocatedBytesForCurrentThread() - before);
            if (round % 64 == 0)
            {
                simulation.RunFor(TimeSpan.FromMilliseconds(50));
            }
        }

        most.ShouldBeLessThan(512 * 1024);
        target.Node!.Core.View.Count.ShouldBeLessThan(6 + Rounds);
    }

    [Fact]
    public void Damaged_bulk_bodies_do_not_crash_and_allocate_within_a_bound()
    {
        using var simulation = FactFromSimulation.Settled(6);
        var (target, sender) = (simulation.Nodes[0], simulation.Nodes[1]);
        var bodies = MessageCatalog.Bulk(sender).Values.Select(message => message.ToByteArray()).ToArray();
        var random = new Random(Seed);
        for (var round = 0; round < Rounds; round++)
        {
            var body = Mutate(bodies[random.Next(bodies.Length)], random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            target.Node!.Serve(body);
            target.Node.Served();
            target.Node.CallEnded((uint)random.Next(8), body);
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(2 * 1024 * 1024);
            if (round % 64 == 0)
            {
                simulation.RunFor(TimeSpan.FromMilliseconds(50));
            }
        }
    }

    private static byte[] Mutate(byte[] original, Random random)
    {
        var bytes = original.ToList();
        for (var change = 0; change <= random.Next(4); change++)
        {
            var at = random.Next(bytes.Count + 1);
            switch (random.Next(5))
            {
                case 0 when at < bytes.Count:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1 when at < bytes.Count:
                    bytes[at] = random.Next(2) == 0 ? (byte)0xFF : (byte)random.Next(256);
                    break;
                case 2 when at < bytes.Count:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 9), bytes.Count - at));
                    break;
                case 3:
                    bytes.InsertRange(at, Enumerable.Range(0, random.Next(1, 9)).Select(_ => (byte)random.Next(256)));
                    break;
                default:
                    bytes.InsertRange(at, bytes.Skip(random.Next(bytes.Count + 1)).Take(random.Next(16)).ToArray());
                    break;
            }
        }

        return [.. bytes];
    }
}
