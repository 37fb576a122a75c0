using Peili.Crds.Schema;

namespace Peili.Crds;

/// <summary>A field of a pod; the API reference's ObjectFieldSelector.</summary>
public sealed record ObjectFieldSelector
{
    /// <summary>The version that the path is written for; v1 where there is none. At most 16 characters.</summary>
    [Length(16)]
    public string? ApiVersion { get; init; }

    /// <summary>The field, as in <c>status.hostIP</c>; at most 256 characters.</summary>
    [Length(256, Min = 1)]
    public required string FieldPath { get; init; }
}
