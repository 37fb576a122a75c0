namespace Peili.Pulls.Tests;

/// <summary>A request that a <see cref="RecordingMirror"/> was sent.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Registry">The registry it is for (<c>ns</c>).</param>
/// <param name="Headers">Its headers.</param>
public sealed record RecordedRequest(string Path, string Registry, IReadOnlyDictionary<string, string> Headers);
