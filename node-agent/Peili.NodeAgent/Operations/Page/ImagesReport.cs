namespace Peili.NodeAgent.Operations.Page;

/// <summary>The answer of <c>/images</c>.</summary>
/// <param name="Total">Images on this node.</param>
/// <param name="Matching">Those that the filter takes.</param>
/// <param name="Images">A page of them, by name.</param>
/// <param name="Next">What to give as <c>after</c> for the next page; null on the last.</param>
internal sealed record ImagesReport(int Total, int Matching, IReadOnlyList<ImageReport> Images, string? Next);
