namespace Peili.Kubernetes.Configuration;

/// <summary>What a credential plugin is told, and what it answers.</summary>
internal sealed record ExecCredential
{
    public required string ApiVersion { get; init; }

    public required string Kind { get; init; }

    public ExecCredentialSpec? Spec { get; init; }

    public ExecCredentialStatus? Status { get; init; }
}
