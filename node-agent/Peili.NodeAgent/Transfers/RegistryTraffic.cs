using System.Collections.Concurrent;

namespace Peili.NodeAgent.Transfers;

/// <summary>
/// Bytes for this node's containerd by registry and source. The first registries that are seen are told apart, the others are added up: a label
/// must not have as many values as somebody can think of names.
/// </summary>
internal sealed class RegistryTraffic
{
    /// <summary>Registries that are told apart.</summary>
    public const int MostRegistries = 20;

    /// <summary>The name of all the others.</summary>
    public const string Others = "other";

    /// <summary>The name of a request's registry that had none.</summary>
    public const string Unknown = "unknown";

    private readonly ConcurrentDictionary<string, SourceBytes> _registries = new(StringComparer.OrdinalIgnoreCase) { [Others] = new SourceBytes() };
    private readonly Lock _adding = new();
    private volatile bool _isFull;

    /// <summary>Every registry told apart, and <see cref="Others"/>.</summary>
    public IEnumerable<KeyValuePair<string, SourceBytes>> All => _registries;

    /// <summary>A registry's counters; those of <see cref="Others"/> when there are enough already.</summary>
    /// <param name="registry">Its host; null when the request named none.</param>
    public SourceBytes Of(string? registry)
    {
        registry ??= Unknown;
        if (_registries.TryGetValue(registry, out var bytes))
        {
            return bytes;
        }

        if (_isFull)
        {
            return _registries[Others];
        }

        lock (_adding)
        {
            _isFull = _registries.Count > MostRegistries;
            return _isFull ? _registries[Others] : _registries.GetOrAdd(registry.ToLowerInvariant(), static _ => new SourceBytes());
        }
    }

    /// <summary>All registries together.</summary>
    public long Total(TransferSource source) => _registries.Values.Sum(bytes => bytes[source]);
}
