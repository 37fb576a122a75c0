namespace Peili.Kubectl.Overview;

/// <summary>Something to look at.</summary>
/// <param name="IsWrong">Whether somebody has to do something; else it is good to know.</param>
/// <param name="What">What it is.</param>
/// <param name="Next">What to do about it; empty where nothing is to be done.</param>
internal sealed record Problem(bool IsWrong, string What, string Next);
