namespace Peili.Containerd;

/// <summary>
/// Makes snapshots of containerd's image store: whole ones from lists, and from one snapshot the next by asking for what changed.
/// Not for use by several threads.
/// </summary>
internal sealed class ImageStoreReader(ContainerdClient client, ManifestGraph manifests, TimeProvider timeProvider)
{
    // So many answers are made known before more are asked for.
    private const int MaxQuestions = 128;

    // A list of 100,000 blobs takes seconds: between two there is at least a second, and four times what the last one took.
    private const int PauseToList = 4;
    private static readonly TimeSpan s_shortestPause = TimeSpan.FromSeconds(1);

    private readonly BlobQuestions _questions = new(timeProvider);
    private bool _listWanted;
    private long _listed;
    private TimeSpan _pause;

    /// <summary>How many times the content was listed.</summary>
    public long Lists { get; private set; }

    /// <summary>Until there is something to do though nothing is reported; null when there is nothing.</summary>
    public TimeSpan? NextDue => _listWanted && !(_questions.NextDue < UntilList) ? UntilList : _questions.NextDue;

    private TimeSpan UntilList => TimeSpan.FromTicks(Math.Max(0, (_pause - timeProvider.GetElapsedTime(_listed)).Ticks));

    /// <summary>Lists everything.</summary>
    public async Task<ImageStoreSnapshot> ListAsync(ContentStore? store, int expectedBlobs, CancellationToken cancellationToken)
    {
        var start = timeProvider.GetTimestamp();
        _listWanted = false;
        Lists++;
        var builder = new ImageStoreSnapshotBuilder(expectedBlobs);
        builder.SetImages(await client.ListImagesAsync(cancellationToken));
        await foreach (var content in client.ListRawContentAsync(cancellationToken))
        {
            builder.Add(content.Span);
        }

        var snapshot = builder.Build(manifests, store);
        _questions.ForgetAll(snapshot);
        _listed = timeProvider.GetTimestamp();
        var pause = PauseToList * timeProvider.GetElapsedTime(start);
        _pause = pause > s_shortestPause ? pause : s_shortestPause;
        return snapshot;
    }

    /// <summary>Looks at what changed, and at what is due for another look.</summary>
    public async Task<ImageStoreSnapshot> RefreshAsync(
        ImageStoreSnapshot current, StoreChanges.Batch changes, ContentStore? store, CancellationToken cancellationToken)
    {
        _listWanted |= changes.Everything;
        var builder = new ImageStoreSnapshotBuilder(current);
        foreach (var (digest, gone) in changes.Blobs)
        {
            if (gone)
            {
                builder.Remove(digest);
                _questions.Forget(digest);
            }
            else
            {
                _listWanted |= !_questions.TryAsk(digest);
            }
        }

        if (_listWanted && UntilList == TimeSpan.Zero)
        {
            return await ListAsync(store, current.Digests.Count, cancellationToken);
        }

        if (changes.Images)
        {
            var images = await client.ListImagesAsync(cancellationToken);
            AskForBlobsOf(images.Where(image => !current.TryResolve(image.Name, out var target) || target != image.Target.Digest), store);
            builder.SetImages(images);
        }

        foreach (var question in _questions.TakeDue(MaxQuestions))
        {
            await AskAsync(question, builder, store, cancellationToken);
        }

        return builder.Build(manifests, store);
    }

    /// <summary>
    /// A new image's blobs may have been labelled since they were committed, or adopted from another namespace, which nothing tells of.
    /// </summary>
    private void AskForBlobsOf(IEnumerable<Image> images, ContentStore? store)
    {
        var reached = new HashSet<Digest>();
        foreach (var image in images)
        {
            manifests.Collect(image.Target.Digest, store, reached);
        }

        foreach (var digest in reached.Where(digest => store?.HasBlob(digest) == true))
        {
            _listWanted |= !_questions.TryAsk(digest);
        }
    }

    private async Task AskAsync(
        BlobQuestions.Question question, ImageStoreSnapshotBuilder builder, ContentStore? store, CancellationToken cancellationToken)
    {
        var info = await client.GetRawContentInfoAsync(question.Digest, cancellationToken);
        if (info is null)
        {
            builder.Remove(question.Digest);
        }
        else if (builder.Add(info.Span) || question.Attempt > 0)
        {
            return;
        }

        if (store?.HasBlob(question.Digest) == true)
        {
            _questions.AskAgain(question);
        }
    }
}
