using System.CommandLine;

namespace Peili.Terminal.Completion;

/// <summary><c>completion SHELL</c>: prints what makes a shell complete a program's commands, options and values.</summary>
public static class CompletionCommand
{
    private static readonly string[] Shells = ["bash", "zsh", "fish"];

    /// <summary>Makes the command.</summary>
    /// <param name="program">The program's name, such as <c>peili-agent</c>.</param>
    public static Command Create(string program)
    {
        var shell = new Argument<string>("SHELL") { Description = $"One of {string.Join(", ", Shells)}.", HelpName = string.Join('|', Shells) };
        shell.AcceptOnlyFromAmong(Shells);
        shell.CompletionSources.Add(Shells);
        var command = new HelpfulCommand(
            "completion",
            "Print a script that makes a shell complete commands, options and their values with Tab. It asks the program itself, and nothing on the network.",
            $"""
             source <({program} completion bash)      # for this shell; in ~/.bashrc for every one
             {program} completion bash >/etc/bash_completion.d/{program}
             {program} completion zsh >"$fpath[1]/_{program}"
             {program} completion fish >~/.config/fish/completions/{program}.fish
             """)
        {
            shell,
        };
        command.SetAction(parsed => Console.Write(ScriptFor(parsed.GetRequiredValue(shell), program)));
        return command;
    }

    private static string ScriptFor(string shell, string program)
    {
        using var resource = typeof(CompletionCommand).Assembly.GetManifestResourceStream($"completion.{shell}")
            ?? throw new InvalidOperationException($"no script for {shell} is built in");
        using var reader = new StreamReader(resource);
        return reader.ReadToEnd()
            .Replace("PROGRAM", program, StringComparison.Ordinal)
            .Replace("FUNCTION", "_" + program.Replace('-', '_'), StringComparison.Ordinal);
    }
}
