namespace Peili.Kubernetes.Configuration;

/// <summary>A program that prints an ExecCredential (a credential plugin).</summary>
public sealed record ExecConfig
{
    /// <summary>The version of the plugin's protocol: client.authentication.k8s.io/v1 or v1beta1.</summary>
    public required string ApiVersion { get; init; }

    /// <summary>The program, from the PATH or absolute.</summary>
    public required string Command { get; init; }

    /// <summary>Its arguments.</summary>
    public IReadOnlyList<string> Args { get; init; } = [];

    /// <summary>What is added to its environment.</summary>
    public IReadOnlyDictionary<string, string> Env { get; init; } = new Dictionary<string, string>();

    /// <summary>What a person has to do where the program is missing.</summary>
    public string? InstallHint { get; init; }

    /// <summary>Whether the program is told about the cluster.</summary>
    public bool ProvideClusterInfo { get; init; }

    /// <summary><c>Never</c>, <c>IfAvailable</c> or <c>Always</c>; the last cannot be had, as there is no terminal.</summary>
    public string InteractiveMode { get; init; } = "IfAvailable";
}
