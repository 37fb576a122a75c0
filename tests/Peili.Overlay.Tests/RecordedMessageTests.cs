using Google.Protobuf;
using Peili.Overlay.Security;
using Peili.Overlay.Simulation;
using Peili.Overlay.Wire;

namespace Peili.Overlay.Tests;

/// <summary>
/// Versions understand each other. `Recorded/v1` holds the messages of protocol 1 as its first build wrote them; a later build must
/// read the same from them. `Recorded/v2` holds what a next version may send: the same with fields that nobody here knows.
/// PEILI_RECORD=directory writes the files of the current version.
/// </summary>
public sealed class RecordedMessageTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Recorded");

    [Theory]
    [InlineData("v1")]
    [InlineData("v2")]
    public void Every_recorded_message_still_means_the_same(string version)
    {
        using var simulation = FactFromSimulation.Settled(3);
        var sender = simulation.Nodes[1];
        WriteIfAsked(sender);
        foreach (var (name, expected) in MessageCatalog.Datagrams(sender))
        {
            var read = Datagram.Parser.WithDiscardUnknownFields(true).ParseFrom(File.ReadAllBytes(Path.Combine(Folder, version, name + ".bin")));
            read.ShouldBe(expected, name);
        }

        foreach (var (name, expected) in MessageCatalog.Bulk(sender))
        {
            var bytes = File.ReadAllBytes(Path.Combine(Folder, version, name + ".bin"));
            IMessage read = expected is BulkRequest
                ? BulkRequest.Parser.WithDiscardUnknownFields(true).ParseFrom(bytes)
                : BulkReply.Parser.WithDiscardUnknownFields(true).ParseFrom(bytes);
            read.ShouldBe(expected, name);
        }
    }

    /// <summary>A sealed packet as protocol 1 sends it: header, key derivation, nonce and associated data must never change within it.</summary>
    [Theory]
    [InlineData("v1/sealed-ping.packet", 1)]
    [InlineData("v2/sealed-ping.packet", 1)]
    [InlineData("v3/sealed-ping.packet", 0)]
    public void A_recorded_packet_of_this_or_a_neighbouring_version_is_answered(string file, int answers)
    {
        using var simulation = FactFromSimulation.Settled(3);
        var (target, sender) = (simulation.Nodes[0], simulation.Nodes[1]);
        var before = target.Node!.Counters.DatagramsSent;
        target.Node.Received(File.ReadAllBytes(Path.Combine(Folder, file)), sender.Address);
        (target.Node.Counters.DatagramsSent - before).ShouldBe(answers);
        target.Node.Counters.Dropped(DropReason.Version).ShouldBe(1 - answers);
    }

    [Theory]
    [InlineData(0u, false)]
    [InlineData(1u, true)]
    [InlineData(2u, true)]
    [InlineData(3u, false)]
    public void A_bulk_request_of_this_or_a_neighbouring_version_is_answered(uint version, bool isAnswered)
    {
        using var simulation = FactFromSimulation.Settled(3);
        var body = new BulkRequest { Protocol = version, Probe = new ProbeRequest() }.ToByteArray();
        (simulation.Nodes[0].Node!.Serve(body).Length > 0).ShouldBe(isAnswered);
    }

    private static void WriteIfAsked(SimulatedNode sender)
    {
        if (Environment.GetEnvironmentVariable("PEILI_RECORD") is not { Length: > 0 } folder)
        {
            return;
        }

        // Field 900, a string that nobody here knows.
        byte[] unknown = [0xA2, 0x38, 3, (byte)'n', (byte)'e', (byte)'w'];
        IEnumerable<KeyValuePair<string, IMessage>> all =
            [.. MessageCatalog.Datagrams(sender).Select(item => KeyValuePair.Create(item.Key, (IMessage)item.Value)), .. MessageCatalog.Bulk(sender)];
        foreach (var (name, message) in all)
        {
            Write(Path.Combine(folder, "v1", name + ".bin"), message.ToByteArray());
            Write(Path.Combine(folder, "v2", name + ".bin"), [.. message.ToByteArray(), .. unknown]);
        }

        for (byte version = 1; version <= 3; version++)
        {
            var ping = MessageCatalog.Datagrams(sender)["ping"].ToByteArray();
            Write(Path.Combine(folder, $"v{version}", "sealed-ping.packet"), SealPing(sender, version, version == 1 ? ping : [.. ping, .. unknown]));
        }
    }

    private static byte[] SealPing(SimulatedNode sender, byte version, byte[] message)
    {
        var record = sender.Node!.Core.SelfRecord;
        using var ciphers = new SessionCiphers(1);
        var packet = new byte[1200];
        var header = new PacketHeader { Version = version, To = sender.Node.Core.View[0].Session, From = record.Session, Counter = 500 };
        return packet[..new PacketSeal(Simulation.Simulation.DefaultKeys, ciphers).Seal(header, record.Identity, message, packet)];
    }

    private static void Write(string path, byte[] bytes)
    {
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }
}
