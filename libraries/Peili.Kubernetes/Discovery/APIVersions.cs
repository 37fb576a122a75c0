namespace Peili.Kubernetes.Discovery;

/// <summary>What <c>/api</c> answers: the versions of the core group.</summary>
internal sealed record APIVersions
{
    public IReadOnlyList<string> Versions { get; init => field = value ?? []; } = [];
}
