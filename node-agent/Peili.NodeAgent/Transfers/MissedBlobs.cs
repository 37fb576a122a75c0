using System.Collections.Concurrent;
using Peili.Containerd;
using Peili.NodeAgent.Registry;

namespace Peili.NodeAgent.Transfers;

/// <summary>
/// Blobs that the agent could not give, or not to their end. The agent never sees what upstream sends; when containerd has committed such a blob, the
/// rest of it came from elsewhere, and that is what a mirror did not save.
/// </summary>
internal sealed class MissedBlobs(RegistryTraffic traffic, TimeProvider time)
{
    private const int MostBlobs = 4096;

    /// <summary>A pull that takes longer than this is not waited for.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<Digest, Missed> _missed = new();

    /// <summary>containerd goes on elsewhere.</summary>
    /// <param name="content">What it asked for.</param>
    /// <param name="from">The first byte that it did not get.</param>
    /// <param name="end">The offset after the last one; null for the blob's end.</param>
    public void Add(ContentRequest content, long from, long? end)
    {
        if (content is not { Digest: { } digest, Path.Kind: ContentKind.Blob } || (_missed.Count >= MostBlobs && !MakeRoom()))
        {
            return;
        }

        var now = time.GetTimestamp();
        _missed.AddOrUpdate(
            digest,
            static (_, added) => added,
            static (_, before, added) => added with { From = Math.Min(before.From, added.From), Parts = before.Parts + added.Parts },
            end is null ? new Missed(content.Registry, from, 0, now) : new Missed(content.Registry, long.MaxValue, end.Value - from, now));
    }

    /// <summary>Counts those that containerd has by now.</summary>
    public void Settle(ImageStoreSnapshot snapshot)
    {
        foreach (var (digest, missed) in _missed)
        {
            if (snapshot.TryGetSize(digest, out var size) && _missed.TryRemove(digest, out _))
            {
                traffic.Of(missed.Registry).Add(TransferSource.None, Math.Clamp(Math.Max(size - missed.From, missed.Parts), 0, size));
            }
        }
    }

    private bool MakeRoom()
    {
        foreach (var (digest, missed) in _missed)
        {
            if (time.GetElapsedTime(missed.At) > Memory)
            {
                _missed.TryRemove(digest, out _);
            }
        }

        return _missed.Count < MostBlobs;
    }

    /// <summary>What was not given of one.</summary>
    /// <param name="Registry">Whose it is.</param>
    /// <param name="From">From this byte on all; far beyond the end when only parts were asked for.</param>
    /// <param name="Parts">The bytes of those parts.</param>
    /// <param name="At">When, a <see cref="TimeProvider.GetTimestamp"/>.</param>
    private sealed record Missed(string? Registry, long From, long Parts, long At);
}
