using System.Collections.Specialized;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Web;

namespace Peili.Kubernetes.Tests.Support;

/// <summary>The ConfigMaps of namespace <c>n</c> on a server that a test can make misbehave: lists, and watches of what happens to them.</summary>
internal sealed class FakeCollection : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, string> _objects = new(StringComparer.Ordinal);
    private readonly List<(int Version, string Line)> _history = [];
    private readonly List<Pipe> _watches = [];
    private readonly Queue<Func<HttpResponseMessage>> _refusals = new();
    private int _version = 10;
    private int _oldest = 10;

    public FakeCollection() => Api = new FakeApi(request => Task.FromResult(Answer(HttpUtility.ParseQueryString(request.RequestUri!.Query))));

    public FakeApi Api { get; }

    public int Lists => Api.Requests.Count(request => !request.RequestUri!.Query.Contains("watch=", StringComparison.Ordinal));

    public int Watches => Api.Requests.Count - Lists;

    public int OpenWatches
    {
        get
        {
            lock (_lock)
            {
                return _watches.Count;
            }
        }
    }

    public string LastWatchVersion =>
        HttpUtility.ParseQueryString(Api.Requests.Last(request => request.RequestUri!.Query.Contains("watch=", StringComparison.Ordinal)).RequestUri!.Query)["resourceVersion"]!;

    /// <summary>Whether every watch is told that its version is too old.</summary>
    public bool Forgets { get; set; }

    public IReadOnlyDictionary<string, string> Objects
    {
        get
        {
            lock (_lock)
            {
                return new Dictionary<string, string>(_objects);
            }
        }
    }

    public void Put(string name)
    {
        lock (_lock)
        {
            _version++;
            var type = _objects.ContainsKey(name) ? "MODIFIED" : "ADDED";
            _objects[name] = Json(name, _version);
            Happen(type, _objects[name]);
        }
    }

    public void Delete(string name)
    {
        lock (_lock)
        {
            if (_objects.Remove(name))
            {
                _version++;
                Happen("DELETED", Json(name, _version));
            }
        }
    }

    /// <summary>Time goes by: nothing happened up to a later version.</summary>
    public void Bookmark()
    {
        lock (_lock)
        {
            _version++;
            Happen("BOOKMARK", $$$"""{"kind":"ConfigMap","metadata":{"resourceVersion":"{{{_version}}}"}}""");
        }
    }

    /// <summary>Forgets what happened so far: a watch from before gets 410.</summary>
    public void Compact()
    {
        lock (_lock)
        {
            _history.Clear();
            _oldest = ++_version;
        }
    }

    /// <summary>Ends the watches, in order or, with <paramref name="error"/>, by an error event.</summary>
    public void EndWatches(int? error = null)
    {
        lock (_lock)
        {
            if (error is { } code)
            {
                Send("{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"code\":" + code + ",\"reason\":\"" + (code == 410 ? "Expired" : "InternalError") + "\"}}");
            }

            _watches.ForEach(watch => watch.Writer.Complete());
            _watches.Clear();
        }
    }

    /// <summary>Breaks the watches in the middle of a line.</summary>
    public void BreakWatches()
    {
        lock (_lock)
        {
            foreach (var watch in _watches)
            {
                watch.Writer.WriteAsync("{\"type\":\"ADD"u8.ToArray()).AsTask().GetAwaiter().GetResult();
                watch.Writer.Complete(new IOException("connection reset"));
            }

            _watches.Clear();
        }
    }

    /// <summary>Refuses the next call.</summary>
    public void RefuseNext(int code, string reason)
    {
        lock (_lock)
        {
            _refusals.Enqueue(() => FakeApi.Refusal(code, reason));
        }
    }

    public void Dispose()
    {
        EndWatches();
        Api.Dispose();
    }

    private static string Json(string name, int version) => $$$"""{"metadata":{"name":"{{{name}}}","namespace":"n","resourceVersion":"{{{version}}}"}}""";

    private HttpResponseMessage Answer(NameValueCollection query)
    {
        lock (_lock)
        {
            if (_refusals.TryDequeue(out var refusal))
            {
                return refusal();
            }

            if (query["watch"] is null)
            {
                return FakeApi.Json($$$"""{"metadata":{"resourceVersion":"{{{_version}}}"},"items":[{{{string.Join(',', _objects.Values)}}}]}""");
            }

            var from = int.Parse(query["resourceVersion"]!, CultureInfo.InvariantCulture);
            if (Forgets || from < _oldest)
            {
                return FakeApi.Refusal(410, "Expired");
            }

            var watch = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
            foreach (var (_, line) in _history.Where(happened => happened.Version > from))
            {
                Write(watch, line);
            }

            _watches.Add(watch);
            return FakeApi.Stream(watch.Reader.AsStream());
        }
    }

    private void Happen(string type, string content)
    {
        var line = "{\"type\":\"" + type + "\",\"object\":" + content + "}";
        _history.Add((_version, line));
        Send(line);
    }

    private void Send(string line) => _watches.ForEach(watch => Write(watch, line));

    // It never waits: the pipe has no threshold.
    private static void Write(Pipe watch, string line) => watch.Writer.WriteAsync(Encoding.UTF8.GetBytes(line + "\n")).AsTask().GetAwaiter().GetResult();
}
