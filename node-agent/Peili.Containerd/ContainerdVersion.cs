namespace Peili.Containerd;

/// <summary>Which containerd answers.</summary>
/// <param name="Version">As built, such as <c>1.6.20~ds1</c> or <c>v2.1.4-k3s1</c>; no form is guaranteed.</param>
/// <param name="Revision">Its commit; may be empty.</param>
public sealed record ContainerdVersion(string Version, string Revision);
