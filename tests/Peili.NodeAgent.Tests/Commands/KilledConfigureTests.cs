using System.Globalization;
using Peili.NodeAgent.Tests.Support;

namespace Peili.NodeAgent.Tests.Commands;

/// <summary>The real program's <c>configure</c>, killed while it writes.</summary>
public sealed class KilledConfigureTests : IDisposable
{
    private const int Rounds = 8;
    private const int Folders = 60;
    private const int Kill = 9;

    private readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Every_file_is_the_old_or_the_new_one_and_all_can_be_put_back()
    {
        var random = new Random(11);
        var certs = _directory.PathOf("certs.d");
        for (var folder = 0; folder < Folders; folder += 2)
        {
            Directory.CreateDirectory(Path.Combine(certs, Name(folder)));
            await File.WriteAllTextAsync(Path.Combine(certs, Name(folder), "hosts.toml"), $"# {folder}\nserver = \"https://a.example\"\n", TestContext.Current.CancellationToken);
        }

        var before = Snapshot(certs);
        await RunAsync("configure");
        var after = Snapshot(certs);
        await RunAsync("cleanup");
        Snapshot(certs).ShouldBe(before);

        for (var round = 0; round < Rounds; round++)
        {
            var killedAt = random.Next(Folders);
            await using (var agent = AgentExecutable.Start(Arguments("configure")))
            {
                while (!agent.HasExited && Snapshot(certs).Count(entry => after.Contains(entry) && !before.Contains(entry)) < killedAt)
                {
                    await Task.Delay(1, TestContext.Current.CancellationToken);
                }

                if (!agent.HasExited)
                {
                    agent.Signal(Kill);
                }

                await agent.WaitAsync();
            }

            var now = Snapshot(certs);
            foreach (var entry in now)
            {
                (before.Contains(entry) || after.Contains(entry)).ShouldBeTrue(entry.ToString());
            }

            now.Keys.ShouldBe(now.Keys.Union(before.Keys.Intersect(after.Keys)), ignoreOrder: true);
            if (round % 2 == 0)
            {
                await RunAsync("configure");
                Snapshot(certs).ShouldBe(after);
            }

            await RunAsync("cleanup");
            Snapshot(certs).ShouldBe(before);
        }
    }

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"registry{number}.test");

    private string[] Arguments(string command) =>
    [
        command, "--hosts-dir", _directory.PathOf("certs.d"), "--state-path", _directory.PathOf("state"),
        .. command == "configure" ? Enumerable.Range(0, Folders).SelectMany(number => (IEnumerable<string>)["--registry", Name(number)]).Append("--registry-auth=none") : [],
    ];

    private async Task RunAsync(string command) => (await AgentExecutable.RunAsync(Arguments(command))).Status.ShouldBe(0);

    /// <summary>What containerd finds in each folder: the file's text, or nothing.</summary>
    private static Dictionary<string, string?> Snapshot(string certs) => Directory.GetDirectories(certs)
        .Where(folder => !Path.GetFileName(folder).StartsWith('.'))
        .ToDictionary(folder => Path.GetFileName(folder), folder => Read(Path.Combine(folder, "hosts.toml")), StringComparer.Ordinal);

    private static string? Read(string file) => File.Exists(file) ? File.ReadAllText(file) : null;
}
