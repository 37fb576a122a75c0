using System.CommandLine;
using System.Text.Json;
using Peili.Crds;
using Peili.Kubectl.Agents;
using Peili.Kubectl.Api;
using Peili.Kubectl.Checks;
using Peili.Kubernetes.Models;
using Peili.Kubernetes.Rest;
using Peili.NodeAgent.Checks;
using Peili.Operator.Resources;
using Peili.Terminal;

namespace Peili.Kubectl.Commands;

/// <summary><c>kubectl peili check</c>: what is wrong with one node, and what to do about it.</summary>
internal static class CheckCommand
{
    private static readonly Argument<string> s_node = new("NODE") { Description = "The node's name." };

    static CheckCommand() => s_node.CompletionSources.Add(Completion.Names((installation, cancellation) => installation.ReadNodesAsync(cancellation)));

    public static Command Create()
    {
        var command = new HelpfulCommand(
            "check",
            "Say whether a node mirrors, and of everything that stands in the way where it is and what to do: as the operator saw it last, and live from the node's agent when that "
            + "answers. Exit status 0: it mirrors; 1: it does not; 2: it cannot; 3: it could not be told.",
            "kubectl peili check node-7")
        {
            s_node,
        };
        AnswerOptions.AddTo(command);
        command.SetAction((parsed, cancellation) => Answers.ShowAsync(parsed, (progress, token) => AskAsync(parsed, progress, token), cancellation));
        return command;
    }

    private static async Task<Answer> AskAsync(ParseResult parsed, Progress progress, CancellationToken cancellationToken)
    {
        using var installation = ClusterOptions.Connect(parsed);
        var name = parsed.GetRequiredValue(s_node);
        progress.Say($"reading NodeMirrorStatus {name}");
        var status = await installation.Client.GetAsync(CrdKinds.NodeMirrorStatus, new NamespacedName(null, name), cancellationToken)
            ?? throw new IOException($"there is no NodeMirrorStatus {name}: no RegistryMirror selects such a node, or the operator has not seen it yet. kubectl peili nodes lists those that there are");
        Pod? pod = null;
        CheckReport? live = null;
        string? whyNot = null;
        try
        {
            progress.Say($"looking for the agent of node {name}");
            var agent = (await AgentDirectory.ReadAsync(installation, cancellationToken)).FirstOrDefault(agent => agent.Node == name)
                ?? throw new AgentException($"node {name} has no agent's pod in namespace {installation.Namespace}");
            pod = agent.Pod;
            progress.Say($"asking the agent of node {name}");
            await using var connection = await AgentConnection.OpenAsync(installation, agent, cancellationToken);
            (_, live) = await connection.GetAsync("/check", CheckReportJson.Default.CheckReport, cancellationToken);
        }
        catch (AgentException exception)
        {
            whyNot = exception.Message;
        }
        catch (KubernetesException exception)
        {
            whyNot = Advice.For(exception);
        }

        var check = new NodeCheckup(status, pod, live, whyNot);
        return new Answer(JsonSerializer.SerializeToUtf8Bytes(check.ToResult(), CheckupJson.Readable().CheckupResult), report => CheckupTable.Write(report, check, DateTimeOffset.UtcNow), StatusOf(check));
    }

    private static int StatusOf(NodeCheckup check) => check.Verdict switch
    {
        Verdict.Unsupported => ExitStatus.Unsupported,
        Verdict.Unknown => ExitStatus.CouldNotTell,
        _ => check.IsReady ? ExitStatus.Success : ExitStatus.Wrong,
    };
}
