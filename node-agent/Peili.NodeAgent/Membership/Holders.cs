using Peili.Containerd;
using Peili.NodeAgent.Configuration;
using Peili.NodeAgent.Operations;
using Peili.NodeAgent.Peers;
using Peili.NodeAgent.Registry;
using Peili.Overlay;

namespace Peili.NodeAgent.Membership;

/// <summary>
/// Finds out for a person who holds an image or a blob: who announced it, and who has it indeed. In small clusters every member is asked,
/// so that the answer is complete; in large ones those that the directory names.
/// </summary>
internal sealed class Holders(AgentOptions options, ClusterOverlay overlay, PeerClient client, ImageStoreWatcher watcher, TimeProvider time)
{
    /// <summary>Up to so many live members, each of them is asked.</summary>
    private const int MaxAsked = 64;

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Looks a reference up: a digest, <c>host/repository@digest</c>, or an image's name. Null when it is none of these.</summary>
    public async Task<LocateReport?> LocateAsync(string reference, CancellationToken cancellationToken)
    {
        var name = ImageName.SpellOut(reference);
        if (Parse(name) is not { } request)
        {
            return null;
        }

        var node = await overlay.WaitForStartAsync(cancellationToken);
        var announced = (await node.LookupAsync(AnnouncedKeys.Of(request), cancellationToken)).Candidates
            .ToDictionary(candidate => candidate.Name, candidate => new OverlayPeer(candidate.Address, candidate.Zone));
        var live = overlay.Others.Where(member => member.IsLive)
            .ToDictionary(member => member.Name, member => new OverlayPeer(member.Address, member.Zone));
        var isComplete = live.Count <= MaxAsked;
        var asked = isComplete ? live.Concat(announced.Where(candidate => !live.ContainsKey(candidate.Key))) : announced;
        var answers = await Task.WhenAll(asked.Select(peer => AskAsync(request, peer.Key, peer.Value, announced.ContainsKey(peer.Key), cancellationToken)));
        return new LocateReport(
            name,
            isComplete,
            [.. Self(request), .. answers.Where(holder => holder.Announced || holder.Holds != false).OrderBy(holder => holder.Node, StringComparer.Ordinal)],
            node.GetTrackers(AnnouncedKeys.Of(request)));
    }

    private static ContentRequest? Parse(string name)
    {
        if (Digest.TryParse(name, out _))
        {
            return RegistryPath.TryParse($"/v2/any/blobs/{name}", out var blob, out _) ? new ContentRequest(blob, null) : null;
        }

        var slash = name.IndexOf('/');
        var end = name.LastIndexOf('@') is var at and > 0 ? at : name.LastIndexOf(':');
        return slash > 0 && end > slash && RegistryHost.IsValid(name[..slash])
            && RegistryPath.TryParse($"/v2/{name[(slash + 1)..end]}/manifests/{name[(end + 1)..]}", out var path, out _)
            ? new ContentRequest(path, name[..slash])
            : null;
    }

    private IEnumerable<HolderReport> Self(ContentRequest request)
    {
        var holds = watcher.Current is { } snapshot
            && (request.Digest is { } digest ? snapshot.Contains(digest) : snapshot.TryResolve(request.QualifiedName, out _));
        return holds ? [new HolderReport(options.NodeName, overlay.AdvertisedAddress!.ToString(), overlay.Zone, Announced: true, Holds: true)] : [];
    }

    private async Task<HolderReport> AskAsync(ContentRequest request, string name, OverlayPeer peer, bool announced, CancellationToken cancellationToken)
    {
        using var bound = new CancellationTokenSource(AnswerTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, cancellationToken);
        using var answer = await client.SendAsync(HttpMethod.Head, new Peer(name, peer.Address.ToEndPoint()), request, range: null, either.Token);
        return new HolderReport(name, peer.Address.ToString(), peer.Zone, announced, answer.Outcome switch
        {
            PeerOutcome.Found => true,
            PeerOutcome.Absent => false,
            _ => null,
        });
    }

    /// <summary>Where a node is.</summary>
    private readonly record struct OverlayPeer(PeerAddress Address, string Zone);
}
