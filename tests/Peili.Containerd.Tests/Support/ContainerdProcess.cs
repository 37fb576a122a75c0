using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Peili.Containerd.Tests.Support;

/// <summary>
/// A containerd of a test's own, in a directory of its own. It ends, and the directory goes, with the test process however that ends.
/// PEILI_CONTAINERD_DIR names another directory than the PATH to take containerd and ctr from, unless a test names a release.
/// </summary>
internal sealed partial class ContainerdProcess : IAsyncDisposable
{
    // The guard's standard input closes when the test process dies, whichever way. "keep" spares the directory for a restart.
    private const string Guard =
        """
        dir=$1; shift
        "$@" </dev/null >>"$dir/log" 2>&1 &
        echo $!
        read -r answer
        kill -KILL $!
        wait
        [ "$answer" = keep ] || rm -rf "$dir"
        """;

    // The release that scripts/fetch-containerd leaves out where the machine has it.
    private const string OfMachine = "1.6";

    private const int Stop = 19;
    private const int Continue = 18;

    private readonly string _directory = Directory.CreateTempSubdirectory("peili-containerd-").FullName;
    private readonly string? _release;
    private Process? _guard;
    private int _processId;

    private ContainerdProcess(string? release) => _release = release;

    public string Socket => Path.Combine(_directory, "c.sock");

    public string ContentRoot => Path.Combine(_directory, "root", "io.containerd.content.v1.content");

    /// <param name="sharingPolicy">Whether a namespace may adopt another's blobs.</param>
    /// <param name="release"><c>1.6</c>, <c>1.7</c> or <c>2.1</c>, of those that scripts/fetch-containerd has fetched; null for the machine's own.</param>
    public static async Task<ContainerdProcess> StartAsync(string sharingPolicy = "shared", string? release = null)
    {
        SkipUnlessAvailable(release);
        if (release == OfMachine)
        {
            var version = await ReadVersionAsync(release);
            Assert.SkipUnless(version.StartsWith(release, StringComparison.Ordinal), $"this is containerd {version}, not {release}");
        }

        var containerd = new ContainerdProcess(release);
        await File.WriteAllTextAsync(
            Path.Combine(containerd._directory, "config.toml"),
            $"""
            version = 2
            root = "{containerd._directory}/root"
            state = "{containerd._directory}/state"
            disabled_plugins = ["io.containerd.grpc.v1.cri"]
            [grpc]
              address = "{containerd.Socket}"
            [ttrpc]
              address = "{containerd._directory}/t.sock"
            [plugins."io.containerd.metadata.v1.bolt"]
              content_sharing_policy = "{sharingPolicy}"
            # Garbage is collected when a test asks for it.
            [plugins."io.containerd.gc.v1.scheduler"]
              startup_delay = "1h"
            """);
        await containerd.RunAsync();
        return containerd;
    }

    public static async Task<string> ReadVersionAsync(string? release = null)
    {
        SkipUnlessAvailable(release);

        // "containerd github.com/containerd/containerd 1.6.20~ds1 1.6.20~ds1-1+deb12u3"
        var output = await RunToEndAsync(FindProgram("containerd", release)!, ["--version"], Stream.Null);
        return output.Split(' ')[2];
    }

    public Task<string> CtrAsync(params string[] arguments) => CtrAsync("k8s.io", Stream.Null, arguments);

    public Task<string> CtrAsync(string containerdNamespace, Stream input, params string[] arguments) =>
        RunToEndAsync(FindProgram("ctr", _release)!, ["-a", Socket, "-n", containerdNamespace, .. arguments], input);

    /// <summary>Takes away what no image refers to, such as the index of an archive just imported. containerd sends no event of it.</summary>
    public async Task CollectGarbageAsync()
    {
        await CtrAsync("leases", "create", "--id", "any");
        await CtrAsync("leases", "rm", "--sync", "any");
    }

    /// <summary>A client of ctr that writes into the content store as long as the returned stream is open.</summary>
    public Process StartIngest(string reference) => StartCtr("content", "ingest", reference);

    /// <summary>A client of ctr under way, in Kubernetes' namespace.</summary>
    public Process StartCtr(params string[] arguments)
    {
        var start = new ProcessStartInfo(FindProgram("ctr", _release)!, ["-a", Socket, "-n", "k8s.io", .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
        };
        return Process.Start(start)!;
    }

    public async Task KillAsync()
    {
        await _guard!.StandardInput.WriteLineAsync("keep");
        await _guard.WaitForExitAsync();
        _guard.Dispose();
        _guard = null;
    }

    public async Task RestartAsync()
    {
        await KillAsync();
        await RunAsync();
    }

    /// <summary>Stops every thread. The signal alone leaves a thread on another processor time to answer a call.</summary>
    public async Task FreezeAsync()
    {
        Signal(_processId, Stop).ShouldBe(0);
        await Eventually.IsTrueAsync(
            () => Directory.GetDirectories($"/proc/{_processId}/task").All(task => File.ReadAllText($"{task}/stat").Contains(") T ", StringComparison.Ordinal)),
            "every thread stops");
    }

    public void Thaw() => Signal(_processId, Continue).ShouldBe(0);

    public async Task RunAsync()
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", Guard, "guard", _directory, FindProgram("containerd", _release)!])
        {
            ArgumentList = { "--config", Path.Combine(_directory, "config.toml") },
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        _guard = Process.Start(start)!;
        _processId = int.Parse((await _guard.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
        await Eventually.NoLongerThrowsAsync<ShouldAssertException>(() => CtrAsync("version"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_guard is null)
        {
            Directory.Delete(_directory, recursive: true);
            return;
        }

        _guard.StandardInput.Close();
        await _guard.WaitForExitAsync();
        _guard.Dispose();
    }

    /// <summary>What a release makes of a configuration file and its imports; null when it refuses them.</summary>
    public static async Task<string?> DumpConfigurationAsync(string path, string release)
    {
        SkipUnlessAvailable(release);
        using var process = Process.Start(new ProcessStartInfo(FindProgram("containerd", release)!, ["--config", path, "config", "dump"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await errors;
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : null;
    }

    private static void SkipUnlessAvailable(string? release = null)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "containerd runs as root only");
        Assert.SkipUnless(
            FindProgram("containerd", release) is not null && FindProgram("ctr", release) is not null,
            $"containerd {release} or ctr is not installed");
    }

    private static string? FindProgram(string name, string? release = null)
    {
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        var directories = release switch
        {
            null => Environment.GetEnvironmentVariable("PEILI_CONTAINERD_DIR") ?? path,
            OfMachine => $"{FetchedTo(release)}:{path}",
            _ => FetchedTo(release),
        };
        return directories.Split(':').Select(directory => Path.Combine(directory, name)).FirstOrDefault(File.Exists);
    }

    private static string FetchedTo(string release)
    {
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } given
            ? given
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Path.Combine(cache, "peili", "containerd", release, "usr", "bin");
    }

    private static async Task<string> RunToEndAsync(string program, IEnumerable<string> arguments, Stream input)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await input.CopyToAsync(process.StandardInput.BaseStream);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, $"{program} {string.Join(' ', arguments)}: {await errors}");
        return await output;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int processId, int signal);
}
