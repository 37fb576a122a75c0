using Peili.Docs.Tests.Support;
using Peili.LocalCluster.Agents;
using Peili.LocalCluster.Processes;
using Peili.LocalCluster.Security;

namespace Peili.Docs.Tests;

/// <summary>Files for <c>--config</c> are such as the program takes.</summary>
public sealed class ConfigurationFileTests : IDisposable
{
    private readonly string _host = Directory.CreateTempSubdirectory("peili-docs-").FullName;

    public static TheoryData<string, int> Serve { get; } = [.. Of("serve")];

    public static TheoryData<string, int> Configure { get; } = [.. Of("configure")];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Serve))]
    public async Task Serve_takes_it(string page, int line)
    {
        var result = await RunAsync("serve", page, line);

        // The certificates that it names are not here; when it looks for them, it has taken all the rest.
        result.Error.ShouldContain("/etc/peili/ca.crt");
        result.ExitCode.ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Configure))]
    public async Task Configure_writes_what_it_says(string page, int line)
    {
        using var authority = new CertificateAuthority();
        var (certificate, key) = authority.Issue();
        var folder = Directory.CreateDirectory(Path.Combine(_host, "etc/peili")).FullName;
        foreach (var (name, text) in new[] { ("ca.pem", authority.Pem), ("client.pem", certificate), ("client-key.pem", key) })
        {
            await File.WriteAllTextAsync(Path.Combine(folder, name), text, Cancellation);
        }

        var result = await RunAsync("configure", page, line, "--host-root", _host, "--hosts-dir", "/etc/containerd/certs.d");

        result.OutputOrThrow("peili-agent configure").ShouldContain("wrote /etc/containerd/certs.d/_default/hosts.toml");
    }

    public void Dispose() => Directory.Delete(_host, recursive: true);

    private static IEnumerable<TheoryDataRow<string, int>> Of(string command) => Page.All.SelectMany(page => page.Blocks
        .Where(block => block.Language == "yaml" && block.Class == command)
        .Select(block => new TheoryDataRow<string, int>(page.Path, block.Line)));

    private async Task<CommandResult> RunAsync(string command, string page, int line, params string[] arguments)
    {
        // A page leaves out what is in a certificate; the program looks into it.
        using var authority = new CertificateAuthority();
        var text = Page.Of(page).Blocks.Single(block => block.Line == line).Text
            .Replace("    ...", string.Join('\n', authority.Pem.Trim().Split('\n')[1..^1].Select(part => $"    {part}")), StringComparison.Ordinal);
        var file = Path.Combine(_host, "agent.yaml");
        await File.WriteAllTextAsync(file, text, Cancellation);
        return await Command.RunAsync(AgentOptions.DefaultProgram, [command, "--config", file, .. arguments], "", Cancellation);
    }
}
