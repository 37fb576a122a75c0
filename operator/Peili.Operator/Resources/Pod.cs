using Peili.Kubernetes.Models;

namespace Peili.Operator.Resources;

/// <summary>A pod of an agent, or of a remediation.</summary>
internal sealed record Pod : KubernetesObject
{
    public PodSpec? Spec { get; init; }

    public PodStatus? Status { get; init; }

    /// <summary>Whether it is an agent's, and not a remediation's.</summary>
    public bool IsAgent => Metadata.Labels?.ContainsKey(Node.FlavorLabel) == true;

    public bool IsReady => Status?.Conditions?.Any(condition => condition is { Type: "Ready", Status: "True" }) == true;

    /// <summary>Why it does not become ready, as far as its containers say; null where they do not.</summary>
    public string? Trouble
    {
        get
        {
            var container = Status?.ContainerStatuses?.FirstOrDefault(status => !status.Ready);
            var waiting = container?.State?.Waiting;
            var ended = (container?.State?.Terminated ?? container?.LastState?.Terminated) is { } last ? $"exit status {last.ExitCode}" : null;
            return waiting?.Reason is { } reason && reason is not "ContainerCreating" and not "PodInitializing"
                ? string.Join(": ", new[] { reason, ended ?? waiting.Message }.OfType<string>().Where(text => text.Length > 0))
                : ended;
        }
    }
}
