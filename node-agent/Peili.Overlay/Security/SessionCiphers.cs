using System.Security.Cryptography;

namespace Peili.Overlay.Security;

/// <summary>
/// Derived ciphers, at most <paramref name="capacity"/> of them: a cipher holds 1.3 kB of native memory (measured), so 5,000 peers
/// times two keys would not fit the memory of an agent. Deriving one anew takes some 8 microseconds.
/// </summary>
internal sealed class SessionCiphers(int capacity) : IDisposable
{
    private readonly Dictionary<(ClusterKey Key, BootId Session), LinkedListNode<Entry>> byIdentity = [];
    private readonly LinkedList<Entry> leastRecentFirst = [];

    public int Count => byIdentity.Count;

    public AesGcm Get(ClusterKey key, in SessionIdentity identity)
    {
        if (byIdentity.TryGetValue((key, identity.BootId), out var known))
        {
            if (identity.Name.SequenceEqual(known.Value.Name))
            {
                leastRecentFirst.Remove(known);
                leastRecentFirst.AddLast(known);
                return known.Value.Cipher;
            }

            Forget(known);
        }

        if (byIdentity.Count >= capacity)
        {
            Forget(leastRecentFirst.First!);
        }

        var entry = new Entry(key, identity.BootId, identity.Name.ToArray(), key.DeriveSession(identity));
        byIdentity[(key, identity.BootId)] = leastRecentFirst.AddLast(entry);
        return entry.Cipher;
    }

    public void Dispose()
    {
        while (leastRecentFirst.First is { } first)
        {
            Forget(first);
        }
    }

    private void Forget(LinkedListNode<Entry> node)
    {
        leastRecentFirst.Remove(node);
        byIdentity.Remove((node.Value.Key, node.Value.Session));
        node.Value.Cipher.Dispose();
    }

    private sealed record Entry(ClusterKey Key, BootId Session, byte[] Name, AesGcm Cipher);
}
