using Google.Protobuf;
using Peili.Overlay.Security;
using Peili.Overlay.Wire;

namespace Peili.Overlay.Core;

internal sealed partial class MemberCore
{
    private ulong sendCounter;

    /// <summary>What a datagram's message may take.</summary>
    private int MaximumMessage => Limits.Datagram - PacketHeader.FixedSize - seal.Overhead;

    /// <summary>Sends to a member, under the session we know it by.</summary>
    private void Send(int member, Datagram datagram)
    {
        var length = Encode(datagram);
        SendEncoded(view[member].Record.Address, view[member].Session, length, isIntroduction: false);
    }

    /// <summary>Sends with name and boot id in the clear, to somebody who may not know our session.</summary>
    private void Introduce(in PeerAddress address, ulong session, Datagram datagram) =>
        SendEncoded(address, session, Encode(datagram), isIntroduction: true);

    private int Encode(Datagram datagram)
    {
        var length = datagram.CalculateSize();
        datagram.WriteTo(memory.Plain.AsSpan(0, length));
        return length;
    }

    private void SendEncoded(in PeerAddress address, ulong session, int length, bool isIntroduction)
    {
        var self = SelfRecord;
        var header = new PacketHeader
        {
            Version = ProtocolVersion.Current,
            IsIntroduction = isIntroduction,
            To = session,
            From = self.Session,
            Counter = ++sendCounter,
            BootIdRest = self.BootId.Rest,
            Name = self.NameBytes,
        };
        var size = seal.Seal(header, self.Identity, memory.Plain.AsSpan(0, length), memory.Packet);
        counters.DatagramsSent++;
        counters.DatagramBytesSent += size;
        transport.Send(address, memory.Packet.AsSpan(0, size));
    }

    private void Call(in PeerAddress address, BulkRequest request, TimeSpan timeout, Action<BulkReply?> ended)
    {
        request.Protocol = ProtocolVersion.Current;
        var body = request.ToByteArray();
        counters.BulkBytesSent += body.Length;
        calls[++callNumber] = ended;
        transport.Call(address, body, callNumber, timeout);
    }
}
