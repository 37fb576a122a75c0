namespace Peili.Kubectl.Overview;

/// <summary>The agents at a glance.</summary>
/// <param name="Pods">How many pods there are.</param>
/// <param name="Ready">How many of them are ready.</param>
internal sealed record AgentsOverview(int Pods, int Ready);
