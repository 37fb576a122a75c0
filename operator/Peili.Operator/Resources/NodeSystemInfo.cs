namespace Peili.Operator.Resources;

/// <summary>What a node's kubelet says of it.</summary>
internal sealed record NodeSystemInfo
{
    public string? OperatingSystem { get; init; }

    public string? OsImage { get; init; }

    public string? ContainerRuntimeVersion { get; init; }

    public string? KubeletVersion { get; init; }
}
