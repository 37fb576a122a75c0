namespace Peili.NodeAgent.Registry;

/// <summary>
/// The pulls of made-up names that <c>peili-agent check --probe</c> has containerd do, <c>peili-probe/&lt;id&gt;</c>: whether they come to the
/// agent, and with the registry secret.
/// </summary>
internal sealed class ProbeLog
{
    /// <summary>What the repositories of probes begin with.</summary>
    public const string Prefix = "peili-probe/";

    private const string PathPrefix = "/v2/" + Prefix;
    private const int MaxProbes = 64;
    private const int MaxIdLength = 64;

    private readonly Lock _lock = new();
    private readonly Queue<(string Id, bool Allowed)> _probes = new();

    /// <summary>Looks at a request on the registry listener; everything but a probe passes unseen.</summary>
    public void See(string path, bool allowed)
    {
        if (!path.StartsWith(PathPrefix, StringComparison.Ordinal))
        {
            return;
        }

        var id = path.AsSpan(PathPrefix.Length);
        id = id.IndexOf('/') is >= 0 and var slash ? id[..slash] : id;
        if (id.Length is 0 or > MaxIdLength)
        {
            return;
        }

        lock (_lock)
        {
            _probes.Enqueue((id.ToString(), allowed));
            if (_probes.Count > MaxProbes)
            {
                _probes.Dequeue();
            }
        }
    }

    /// <summary>Whether a probe has come, and was allowed; null when it has not come.</summary>
    public bool? Find(string id)
    {
        lock (_lock)
        {
            return _probes.Where(probe => probe.Id == id).Select(probe => (bool?)probe.Allowed).Max();
        }
    }
}
