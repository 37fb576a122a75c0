using System.Text.Json;
using Peili.LocalCluster;
using Peili.LocalCluster.Agents;
using Peili.LocalCluster.Containerd;
using Peili.LocalCluster.Processes;

namespace Peili.Pulls.Tests;

/// <summary>Whatever containerd is configured to do, check says what a pull then shows.</summary>
public abstract class CheckTests(SingleNode nodes) : ClusterTest(nodes)
{
    private ClusterNode Node => Nodes.First;

    private string DropIns => Path.Combine(Node.Directory, "conf.d");

    private string ProbeHosts => Path.Combine(Node.Containerd.HostsDirectory, "peili-probe.invalid");

    /// <summary>One test for all, so that containerd is restarted once for each, and every disagreement shows at once.</summary>
    [Fact]
    public async Task Check_agrees_with_what_a_pull_shows_in_every_configuration()
    {
        await PrepareAsync();
        await ConfigureHostsAsync();
        var cases = CheckCase.For(Node.Containerd.Release).ToList();
        var wrong = new List<string>();
        foreach (var configuration in cases)
        {
            await foreach (var problem in TryAsync(configuration))
            {
                wrong.Add($"{configuration.Name}: {problem}");
            }
        }

        Report($"containerd {Node.Containerd.Release}: check and pulls agree in {cases.Count - wrong.Count} of {cases.Count} configurations");
        cases.Count.ShouldBeGreaterThanOrEqualTo(20);
        wrong.ShouldBeEmpty();
    }

    private async IAsyncEnumerable<string> TryAsync(CheckCase configuration)
    {
        await StartAsync(configuration);
        var check = await CheckAsync("--containerd-version", VersionOf(Node.Containerd.Release));
        var findings = Findings(check);
        if ((check.Status == 0) != (configuration.Findings.Length == 0) || !configuration.Findings.All(findings.Contains))
        {
            yield return $"check says {check.Status}: {string.Join(", ", findings)}, not {string.Join(", ", configuration.Findings)}\n{check.Output}{check.Error}";
        }

        if (configuration.Refused || configuration.WithoutCri)
        {
            yield break;
        }

        var reached = await PullMadeUpNameAsync();
        if (reached != configuration.Reaches)
        {
            yield return $"a pull {(reached ? "reached" : "did not reach")} the agent\n{check.Output}";
        }

        var probe = await CheckAsync("--probe");
        if (Findings(probe).Contains("ProbeFailed") == reached)
        {
            yield return $"the probe said otherwise than a pull that {(reached ? "reached" : "did not reach")} the agent\n{probe.Output}{probe.Error}";
        }

        if (findings.Contains("LayersDiscarded") != configuration.Discards || (configuration.Discards && !await DiscardsAsync()))
        {
            yield return "layers were kept, or were said to be";
        }
    }

    private async Task StartAsync(CheckCase configuration)
    {
        await Node.Containerd.StopAsync(Signal.Kill, Cancelled);
        if (Directory.Exists(DropIns))
        {
            Directory.Delete(DropIns, recursive: true);
        }

        if (Directory.Exists(ProbeHosts))
        {
            Directory.Delete(ProbeHosts, recursive: true);
        }

        if (configuration.ProbeHosts is { } hosts)
        {
            Directory.CreateDirectory(ProbeHosts);
            await (hosts.Length > 0 ? File.WriteAllTextAsync(Path.Combine(ProbeHosts, "hosts.toml"), hosts, Cancelled) : Task.CompletedTask);
        }

        Directory.CreateDirectory(DropIns);
        await (configuration.DropIn is { } dropIn ? File.WriteAllTextAsync(Path.Combine(DropIns, "a.toml"), Fill(dropIn), Cancelled) : Task.CompletedTask);
        var version = configuration.Version == 0 ? "" : $"version = {configuration.Version}\n";

        // Version 1's names of plugins have no dots.
        var opt = configuration.Version == 0 ? "\"opt\"" : "\"io.containerd.internal.v1.opt\"";
        var body = Fill(configuration.Root);
        var imports = body.StartsWith("imports", StringComparison.Ordinal) ? body[..(body.IndexOf('\n', StringComparison.Ordinal) + 1)] : "";
        await File.WriteAllTextAsync(
            Node.Containerd.ConfigurationFile,
            $"""
             {version}{imports}root = "{Node.Directory}/root"
             state = "{Node.Directory}/state"
             disabled_plugins = [{opt}{configuration.Disabled}]
             [grpc]
               address = "{Node.Containerd.SocketPath}"
             {body[imports.Length..]}
             """,
            Cancelled);
        if (configuration.Refused)
        {
            File.Delete(Node.Containerd.SocketPath);
            var refusal = await Should.ThrowAsync<InvalidOperationException>(() => Node.Containerd.StartWithoutCriAsync(Cancelled));
            refusal.Message.ShouldContain("does not answer");
            return;
        }

        await (configuration.WithoutCri ? Node.Containerd.StartWithoutCriAsync(Cancelled) : Node.Containerd.StartAsync(Cancelled));
    }

    private string Fill(string text) => text
        .Replace("{D}", Node.Containerd.HostsDirectory, StringComparison.Ordinal)
        .Replace("{C}", DropIns, StringComparison.Ordinal);

    private Task<AgentCommand> CheckAsync(params string[] more) => AgentCommand.RunAsync(
        Node,
        [
            "check", "--output", "json", "--flavor", "kubeadm", "--containerd-socket", Node.Containerd.SocketPath,
            "--containerd-config", Node.Containerd.ConfigurationFile, "--hosts-dir", Node.Containerd.HostsDirectory, .. more,
        ],
        Cancelled);

    private async Task ConfigureHostsAsync()
    {
        var configure = await AgentCommand.RunAsync(
            Node, ["configure", "--hosts-dir", Node.Containerd.HostsDirectory, "--state-path", Node.Agent.StatePath], Cancelled);
        configure.Status.ShouldBe(0, configure.Error);
    }

    private static IReadOnlyList<string> Findings(AgentCommand check)
    {
        check.Output.ShouldNotBeEmpty(check.Error);
        using var report = JsonDocument.Parse(check.Output);
        return [.. report.RootElement.GetProperty("findings").EnumerateArray()
            .Where(finding => finding.GetProperty("severity").GetString() != "Information")
            .Select(finding => finding.GetProperty("reason").GetString()!)];
    }

    /// <summary>What the test sees for itself, without check.</summary>
    private async Task<bool> PullMadeUpNameAsync()
    {
        var id = Guid.NewGuid().ToString("N");
        (await Node.Containerd.PullAsync($"peili-probe.invalid/peili-probe/{id}:v1", Patience, Cancelled)).Succeeded.ShouldBeFalse();
        var seen = await Node.Agent.ReadAsync($"/probe?id={id}", Cancelled);
        return seen.GetProperty("reached").GetBoolean();
    }

    private async Task<bool> DiscardsAsync()
    {
        var image = await SmallImageAsync();
        await PullAsync(Node, image.ByTag);
        var layers = image.Image.Blobs.Where(blob => blob.MediaType.Contains("layer", StringComparison.Ordinal)).ToList();
        layers.ShouldNotBeEmpty();
        await EventuallyAsync(async () => (await Node.Containerd.Content.FindProblemsAsync(layers, Cancelled)).Count == layers.Count);
        return true;
    }

    private static string VersionOf(ContainerdRelease release) => release switch
    {
        ContainerdRelease.V1_6 => "1.6.20",
        ContainerdRelease.V1_7 => "1.7.24",
        _ => "2.1.9",
    };
}
