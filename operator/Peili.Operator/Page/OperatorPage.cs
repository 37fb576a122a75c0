using System.Net;
using System.Text;
using System.Text.Json;
using Peili.Crds;
using Peili.Hosting;
using Peili.Operator.Commands;
using Peili.Pages;

namespace Peili.Operator.Page;

/// <summary>The cluster's page, on loopback: its files, and what it shows live.</summary>
internal sealed class OperatorPage
{
    private readonly ReadCluster _read;
    private readonly ReadColdStarts _readColdStarts;
    private readonly SavingsHistory _savings;
    private readonly RecentProblems _problems;
    private readonly OperatorOptions _options;
    private readonly PageFiles _files = new(typeof(OperatorPage).Assembly);
    private readonly EventStream _events;

    public OperatorPage(
        ReadCluster read,
        ReadColdStarts readColdStarts,
        SavingsHistory savings,
        RecentProblems problems,
        OperatorOptions options,
        IHostApplicationLifetime lifetime,
        TimeProvider time)
    {
        (_read, _readColdStarts, _savings, _problems, _options) = (read, readColdStarts, savings, problems, options);
        _events = new EventStream(Read, lifetime, time);
    }

    public async Task HandleAsync(HttpContext http)
    {
        if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method))
        {
            http.Response.Headers.Allow = "GET, HEAD";
            await WriteAsync(http, HttpStatusCode.MethodNotAllowed, "text/plain", "only GET and HEAD are served here\n"u8.ToArray());
            return;
        }

        if (PageSecurity.Refuse(http) is var (refused, why))
        {
            await WriteAsync(http, refused, "text/plain", Encoding.UTF8.GetBytes(why + "\n"));
            return;
        }

        PageSecurity.AddHeaders(http.Response);
        await (http.Request.Path.Value switch
        {
            "/events" => _events.HandleAsync(http),
            "/node" => NodeAsync(http),
            var path when _files.Find(path) is { } file => PageFiles.SendAsync(http, file),
            _ => WriteAsync(http, HttpStatusCode.NotFound, "text/plain", "/ (a page), /events and /node?name= are served here\n"u8.ToArray()),
        });
    }

    private Task NodeAsync(HttpContext http)
    {
        var name = (string?)http.Request.Query["name"] ?? "";
        return _read().Statuses.FirstOrDefault(status => status.Metadata.Name == name) is { } found
            ? WriteAsync(http, HttpStatusCode.OK, "application/json", JsonSerializer.SerializeToUtf8Bytes(found, CrdJson.Default.NodeMirrorStatus))
            : WriteAsync(http, HttpStatusCode.NotFound, "text/plain", "there is no NodeMirrorStatus of that name: no RegistryMirror selects such a node\n"u8.ToArray());
    }

    private PagePart[] Read()
    {
        var view = _read();
        return
        [
            new PagePart("summary", JsonSerializer.SerializeToUtf8Bytes(
                new ClusterSummary(OperatorVersion.Current, _options.Identity, view.IsSynced, ClusterReport.Mirrors(view)), PageJson.Default.ClusterSummary)),
            new PagePart("nodes", JsonSerializer.SerializeToUtf8Bytes(ClusterReport.Nodes(view), PageJson.Default.IReadOnlyListNodeReport)),
            new PagePart("coldStarts", JsonSerializer.SerializeToUtf8Bytes(ColdStartReport.Of(_readColdStarts()), PageJson.Default.IReadOnlyListColdStartBlob)),
            new PagePart("savings", JsonSerializer.SerializeToUtf8Bytes(_savings.Read(), PageJson.Default.SavingsReport)),
            new PagePart("problems", JsonSerializer.SerializeToUtf8Bytes(_problems.Read(), PageJson.Default.IReadOnlyListProblem)),
        ];
    }

    private static async Task WriteAsync(HttpContext http, HttpStatusCode code, string contentType, byte[] body)
    {
        http.Response.StatusCode = (int)code;
        http.Response.ContentType = contentType;
        http.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await http.Response.Body.WriteAsync(body, http.RequestAborted);
        }
    }
}
