using Peili.Crds;

namespace Peili.Operator.Page;

/// <summary>A node on the page's map.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Zone">Its zone; empty where it is not known.</param>
/// <param name="Flavor">Its flavor.</param>
/// <param name="Verdict">What it is to mirroring.</param>
/// <param name="Ready">Whether it mirrors: True, False or Unknown.</param>
/// <param name="Reason">Why, in one word.</param>
internal sealed record NodeReport(string Name, string Zone, string Flavor, Verdict Verdict, string Ready, string Reason);
