using Peili.LocalCluster;
using Peili.LocalCluster.Processes;

namespace Peili.Operator.Tests.Rules;

/// <summary>What peili-operator makes of its arguments before it talks to anybody.</summary>
public sealed class CommandLineTests
{
    [Fact]
    public async Task A_context_counts_also_where_no_file_is_named()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(
                file,
                """
                apiVersion: v1
                kind: Config
                current-context: here
                contexts: [{name: here, context: {cluster: here, user: me}}]
                clusters: [{name: here, cluster: {server: "http://127.0.0.1:9"}}]
                users: [{name: me, user: {}}]
                """,
                TestContext.Current.CancellationToken);

            var result = await Command.RunAsync(
                "env", [$"KUBECONFIG={file}", Checkout.PathOf("artifacts", "bin", "peili-operator"), "wait", "--timeout=1s", "--context=elsewhere"], "", TestContext.Current.CancellationToken);

            result.ExitCode.ShouldBe(1);
            result.Error.ShouldContain("elsewhere");
        }
        finally
        {
            File.Delete(file);
        }
    }
}
