using System.CommandLine;
using System.Text.Json;
using Peili.Crds;
using Peili.Kubectl.Api;
using Peili.Kubectl.Nodes;
using Peili.Kubernetes.Rest;
using Peili.Kubernetes.Watching;
using Peili.Terminal;

namespace Peili.Kubectl.Commands;

/// <summary><c>kubectl peili nodes</c>: a line for each node.</summary>
internal static class NodesCommand
{
    private static readonly Option<bool> s_wrong = new("--wrong") { Description = "Only nodes that do not mirror." };

    private static readonly Option<string?> s_mirror = new("--mirror")
    {
        Description = "Only nodes of this RegistryMirror.",
        HelpName = "NAME",
    };

    static NodesCommand() => s_mirror.CompletionSources.Add(Completion.Names((installation, cancellation) => installation.ReadMirrorsAsync(cancellation)));

    public static Command Create()
    {
        var command = new HelpfulCommand(
            "nodes",
            "A line for each node that a RegistryMirror selects: what it is, whether it mirrors, and why not. Exit status 1 when one of the nodes shown does not mirror.",
            """
            kubectl peili nodes --wrong          # those that need somebody
            kubectl peili nodes -o wide --watch  # every column, and what changes
            """)
        {
            s_wrong, s_mirror,
        };
        AnswerOptions.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using var installation = ClusterOptions.Connect(parsed);
        if (!parsed.GetValue(AnswerOptions.Watch))
        {
            return await Answers.ShowAsync(
                parsed,
                async (progress, cancellation) =>
                {
                    progress.Say("reading the nodes' statuses");
                    return Answer(parsed, await installation.ReadNodesAsync(cancellation));
                },
                cancellationToken);
        }

        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var failed = 0;
        var informer = new Informer<NodeMirrorStatus>(
            installation.Client, CrdKinds.NodeMirrorStatus, new InformerOptions { Failed = (_, _) => Interlocked.Exchange(ref failed, 1) });

        // Before anything is followed: an API server that is not there is an error, and not something to wait for.
        await installation.ReadNodesAsync(cancellationToken);
        var following = informer.RunAsync(stopping.Token);
        try
        {
            return await Answers.ShowAsync(
                parsed,
                async (_, cancellation) =>
                {
                    // The copy does not say whether it is of today: after a failure the server is asked.
                    if (!informer.HasSynced || Interlocked.Exchange(ref failed, 0) != 0)
                    {
                        return Answer(parsed, await ReadAsync(installation, cancellation));
                    }

                    return Answer(parsed, [.. informer.Items.Values.OrderBy(node => node.Metadata.Name, StringComparer.Ordinal)]);
                },
                cancellationToken);
        }
        finally
        {
            await stopping.CancelAsync();
            await following;
        }
    }

    private static async Task<IReadOnlyList<NodeMirrorStatus>> ReadAsync(Installation installation, CancellationToken cancellationToken)
    {
        try
        {
            return await installation.ReadNodesAsync(cancellationToken);
        }
        catch (KubernetesException exception)
        {
            throw new IOException(Advice.For(exception), exception);
        }
    }

    private static Answer Answer(ParseResult parsed, IReadOnlyList<NodeMirrorStatus> all)
    {
        var mirror = parsed.GetValue(s_mirror);
        var isFiltered = parsed.GetValue(s_wrong);
        NodeMirrorStatus[] nodes = [.. all.Where(node => mirror is null || node.Status?.Mirror == mirror).Where(node => !isFiltered || !NodeRow.IsReady(node))];
        return new Answer(
            JsonSerializer.SerializeToUtf8Bytes(nodes, NodesJson.Default.IReadOnlyListNodeMirrorStatus),
            report => NodesTable.Write(report, nodes, all.Count, DateTimeOffset.UtcNow),
            nodes.All(NodeRow.IsReady) ? ExitStatus.Success : ExitStatus.Wrong);
    }
}
