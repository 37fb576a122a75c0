namespace Peili.DBus;

/// <summary>The fields of a message's header; the numbers are the protocol's.</summary>
internal enum HeaderField
{
    None = 0,
    Path = 1,
    Interface = 2,
    Member = 3,
    ErrorName = 4,
    ReplySerial = 5,
    Destination = 6,
    Sender = 7,
    Signature = 8,
}
