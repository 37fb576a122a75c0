using System.Text.Json;
using Peili.Containerd;
using Peili.Hosting;
using Peili.NodeAgent.Control;
using Peili.NodeAgent.Hosting;
using Peili.Pages;

namespace Peili.NodeAgent.Operations.Page;

/// <summary>The agent's page: its files, and what it shows live.</summary>
internal sealed class AgentPage
{
    private const int MostTransfers = 100;

    private readonly StatusReport _status;
    private readonly ImageStoreWatcher _watcher;
    private readonly NodeChecker _checker;
    private readonly RecentProblems _problems;
    private readonly HostsKeeper? _hosts;
    private ImageStoreSnapshot? _shown;
    private int _imageChanges;

    public AgentPage(
        StatusReport status,
        ImageList images,
        ImageStoreWatcher watcher,
        NodeChecker checker,
        RecentProblems problems,
        IHostApplicationLifetime lifetime,
        TimeProvider time,
        HostsKeeper? hosts = null)
    {
        _status = status;
        _watcher = watcher;
        _checker = checker;
        _problems = problems;
        _hosts = hosts;
        Images = images;
        Events = new EventStream(Read, lifetime, time);
    }

    public PageFiles Files { get; } = new(typeof(AgentPage).Assembly);

    public ImageList Images { get; }

    public EventStream Events { get; }

    /// <summary>What the checks found last, as JSON; null before they have ended for the first time.</summary>
    public byte[]? Check => _checker.Report is { } report ? JsonSerializer.SerializeToUtf8Bytes(report, PageJson.Default.CheckReport) : null;

    private PagePart[] Read()
    {
        var status = _status.Read();
        return
        [
            new PagePart("summary", JsonSerializer.SerializeToUtf8Bytes(Summarize(status), PageJson.Default.PageSummary)),
            new PagePart("members", JsonSerializer.SerializeToUtf8Bytes(status.Overlay.Members, PageJson.Default.IReadOnlyListMemberReport)),
            new PagePart("transfers", JsonSerializer.SerializeToUtf8Bytes(Transfers(status), PageJson.Default.PageTransfers)),
            new PagePart("check", Check ?? "null"u8.ToArray()),
            new PagePart("problems", JsonSerializer.SerializeToUtf8Bytes(_problems.Read(), PageJson.Default.IReadOnlyListProblem)),
        ];
    }

    private PageSummary Summarize(AgentStatus status)
    {
        if (_watcher.Current is var current && current != _shown)
        {
            _shown = current;
            _imageChanges++;
        }

        return new PageSummary(
            status with
            {
                Overlay = status.Overlay with { Members = [], BytesSent = 0, Lookups = 0, LookupsHedged = 0 },
                Relay = new RelayStatus(0, 0),
                Active = [],
            },
            _hosts?.State.Step.ToString(),
            _hosts?.State.Reason,
            _imageChanges);
    }

    private static PageTransfers Transfers(AgentStatus status) =>
        new(status.Active.Count, [.. status.Active.OrderByDescending(transfer => transfer.Seconds).Take(MostTransfers)], status.Relay);
}
