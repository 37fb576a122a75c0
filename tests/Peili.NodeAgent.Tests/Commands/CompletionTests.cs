using System.Diagnostics;
using Peili.NodeAgent.Tests.Support;

namespace Peili.NodeAgent.Tests.Commands;

/// <summary><c>completion</c>, in the shells themselves.</summary>
public sealed class CompletionTests
{
    [Theory]
    [InlineData("peili-agent c", "check cleanup completion configure")]
    [InlineData("peili-agent check --o", "--ops-address --output")]
    [InlineData("peili-agent check --output ", "json table wide yaml")]
    [InlineData("peili-agent check -o ", "json table wide yaml")]
    [InlineData("peili-agent check --output=j", "json")]
    [InlineData("peili-agent check --output=json --o", "--ops-address")]
    [InlineData("peili-agent check --watch --int", "--interval")]
    [InlineData("peili-agent serve --seed a:1 --se", "--seed --seed-file")]
    [InlineData("peili-agent serve --resolve-tags ", "Always Never WhenUpstreamDown")]
    [InlineData("peili-agent check --flavor ku", "kubeadm")]
    [InlineData("peili-agent completion ", "bash fish zsh")]
    [InlineData("peili-agent check --config ", "")]
    [InlineData("peili-agent locate ", "")]
    [InlineData("peili-agent nonsense --", "--help --version")]
    public async Task What_could_be_typed_is_suggested(string line, string suggestions)
    {
        var (status, output, errors) = await AgentExecutable.RunAsync([$"[suggest:{line.Length}]", line + "|never"], [KeyValuePair.Create("PEILI_CONFIG", "/nonexistent")]);

        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(suggestions.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        errors.ShouldBeEmpty();
        status.ShouldBe(0);
    }

    [Fact]
    public async Task Bash_completes_at_the_Tab_key()
    {
        await using var terminal = new PseudoTerminal("stty cols 200; exec bash --norc --noprofile -i");
        await terminal.TypeAsync("bind 'set enable-bracketed-paste off'; PS1='> '; source <(peili-agent completion bash); echo rea''dy\n");
        var at = await terminal.WaitForAsync("ready");

        foreach (var (typed, completed) in new[]
        {
            ("peili-agent sta\t", "peili-agent status "), ("--outp\t", "--output "), ("j\t", "json "), ("--int\t", "--interval "), ("1 --output=y\t", "1 --output=yaml "),
        })
        {
            await terminal.TypeAsync(typed);
            at = await terminal.WaitForAsync(completed, at);
        }

        await terminal.TypeAsync("\u0015peili-agent c\t\t");
        foreach (var command in new[] { "check", "cleanup", "completion", "configure" })
        {
            at = await terminal.WaitForAsync(command, at);
        }

        await terminal.TypeAsync("\u0015cd /usr\npeili-agent check --config lo\t");
        await terminal.WaitForAsync("check --config local/", at);
    }

    [Theory]
    [InlineData("peili-agent sta", "status")]
    [InlineData("peili-agent check --output=y", "--output=yaml")]
    [InlineData("peili-agent check --config /usr/lo", "/usr/local/")]
    public async Task Fish_completes_too(string line, string completed)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/fish"), "fish is not installed (scripts/install-packages)");
        var start = new ProcessStartInfo("fish", ["--no-config", "-c", $"peili-agent completion fish | source; complete -C '{line}'"]) { UseShellExecute = false, RedirectStandardOutput = true };
        start.Environment["PATH"] = $"{AppContext.BaseDirectory}:{Environment.GetEnvironmentVariable("PATH")}";
        using var fish = Process.Start(start)!;

        (await fish.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldBe(completed + "\n");
        await fish.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task Each_script_is_one_that_its_shell_can_read(string shell)
    {
        var (status, script, _) = await AgentExecutable.RunAsync(["completion", shell]);

        status.ShouldBe(0);
        script.ShouldContain("peili-agent");
        script.ShouldNotContain("PROGRAM", Case.Sensitive);
        script.ShouldNotContain("FUNCTION", Case.Sensitive);
        Assert.SkipUnless(File.Exists("/usr/bin/" + shell), $"{shell} is not installed (scripts/install-packages)");
        using var reader = Process.Start(new ProcessStartInfo(shell, ["-n"]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardError = true })!;
        await reader.StandardInput.WriteAsync(script);
        reader.StandardInput.Close();
        (await reader.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldBeEmpty();
        await reader.WaitForExitAsync(TestContext.Current.CancellationToken);
        reader.ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Another_shell_is_refused_by_the_names_of_those_there_are()
    {
        var (status, _, errors) = await AgentExecutable.RunAsync(["completion", "csh"]);

        status.ShouldBe(64);
        errors.ShouldContain("csh");
        errors.ShouldContain("fish");
    }
}
