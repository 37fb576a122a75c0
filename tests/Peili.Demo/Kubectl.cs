using Peili.LocalCluster;
using Peili.LocalCluster.Kubernetes;
using Peili.LocalCluster.Processes;
using Peili.Reporting;

namespace Peili.Demo;

/// <summary>kubectl as the administrator of a cluster, shown as it would be typed in the checkout.</summary>
internal sealed class Kubectl(KubernetesCluster cluster, Screen screen)
{
    /// <summary>Says what is run, and runs it.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message has what it wrote.</exception>
    public Task RunAsync(string command, CancellationToken cancellationToken)
    {
        screen.Step($"kubectl {command}");
        return ReadAsync(command, cancellationToken);
    }

    /// <summary>The same, and prints what it writes as it is.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message has what it wrote.</exception>
    public async Task ShowAsync(string command, CancellationToken cancellationToken)
    {
        screen.Step($"kubectl {command}");
        var output = await ReadAsync(command, cancellationToken);
        screen.Line();
        screen.Verbatim(output.TrimEnd());
        screen.Line();
    }

    /// <summary>Runs it without a word, and returns what it writes.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message has what it wrote.</exception>
    public async Task<string> ReadAsync(string command, CancellationToken cancellationToken) =>
        (await TryAsync(command, "", cancellationToken)).OutputOrThrow($"kubectl {command}");

    /// <summary>Runs it without a word, and returns how it ended.</summary>
    /// <param name="command">Arguments with a space between them; a path below config is one of this checkout.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<CommandResult> TryAsync(string command, string input, CancellationToken cancellationToken) =>
        cluster.KubectlAsync(
            command.Split(' ').Select(argument => argument.StartsWith("config/", StringComparison.Ordinal) ? Checkout.PathOf(argument) : argument),
            input,
            cancellationToken);
}
