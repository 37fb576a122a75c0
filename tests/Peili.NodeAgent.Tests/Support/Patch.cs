using System.Diagnostics;

namespace Peili.NodeAgent.Tests.Support;

/// <summary>The program <c>patch</c>.</summary>
internal static class Patch
{
    private static readonly TimeSpan s_bound = TimeSpan.FromSeconds(60);

    /// <summary>Applies a diff in a folder.</summary>
    public static async Task ApplyAsync(string directory, string diff, params string[] options)
    {
        var start = new ProcessStartInfo("patch", ["--batch", "--directory", directory, .. options])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var patch = Process.Start(start)!;
        var output = patch.StandardOutput.ReadToEndAsync();
        var errors = patch.StandardError.ReadToEndAsync();
        await patch.StandardInput.WriteAsync(diff);
        patch.StandardInput.Close();
        await patch.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(s_bound);
        patch.ExitCode.ShouldBe(0, $"{await output}{await errors}\n{diff}");
    }
}
