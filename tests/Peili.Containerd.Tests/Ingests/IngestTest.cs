using Peili.Containerd.Ingests;
using Peili.Containerd.Tests.Support;

namespace Peili.Containerd.Tests.Ingests;

/// <summary>A content store in a directory of its own, as containerd leaves it when it starts.</summary>
public abstract class IngestTest : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("peili-ingests-");
    private readonly List<IDisposable> _open = [];
    private readonly CancellationTokenSource _bound = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    protected IngestTest()
    {
        _bound.CancelAfter(TimeSpan.FromMinutes(3));
        Store = new ContentStore(Path.Combine(_root.FullName, "content"));
        Directory.CreateDirectory(Store.IngestDirectory);
    }

    /// <summary>Also fires when the test has taken so long that what it waits for will not come.</summary>
    protected CancellationToken Cancelled => _bound.Token;

    protected ContentStore Store { get; }

    public void Dispose()
    {
        foreach (var open in Enumerable.Reverse(_open))
        {
            open.Dispose();
        }

        _bound.Dispose();
        _root.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    private protected WatchedIngests Watch(IngestWatcherOptions? options = null) => Keep(new WatchedIngests(Store, options));

    private protected ImitatedIngest Open(int length = 1000) => Keep(ImitatedIngest.Open(Store, length));

    private protected T Keep<T>(T open)
        where T : IDisposable
    {
        _open.Add(open);
        return open;
    }
}
