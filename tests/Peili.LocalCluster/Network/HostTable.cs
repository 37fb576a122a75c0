using System.Collections.Concurrent;
using System.Net;

namespace Peili.LocalCluster.Network;

/// <summary>The cluster's names and addresses: the /etc/hosts of every machine, changed in place as machines are added.</summary>
internal sealed class HostTable
{
    private readonly ConcurrentDictionary<string, IPAddress> _entries = new(StringComparer.Ordinal);
    private readonly Lock _writing = new();

    internal HostTable(string file, ClusterAddresses addresses)
    {
        File = file;
        Addresses = addresses;
        System.IO.File.WriteAllText(file, "127.0.0.1 localhost\n::1 localhost\n");
    }

    internal string File { get; }

    internal ClusterAddresses Addresses { get; }

    internal void Add(string name, IPAddress address)
    {
        _entries[name] = address;
        lock (_writing)
        {
            System.IO.File.AppendAllText(File, $"{address} {name}\n");
        }
    }

    /// <summary>The address of a machine's name, or of an address as it stands in a URL.</summary>
    internal IPAddress Resolve(string host) =>
        _entries.TryGetValue(host, out var address) ? address : IPAddress.Parse(host.Trim('[', ']'));
}
