using Peili.Containerd.Hosts;

namespace Peili.Containerd.Tests.Hosts;

/// <summary>The process dies at every write, rename and deletion in turn.</summary>
public sealed class HostsCrashTests
{
    private static readonly HostsSettings s_kept = new() { Registries = [HostsDirectory.Default, "ghcr.io"], Hosts = [CertsDirectory.SecretEntry] };

    private static readonly Dictionary<string, HostsSettings> s_settings = new(StringComparer.Ordinal)
    {
        ["kept"] = s_kept,
        ["replaced"] = s_kept with { ReplaceExisting = true, Hosts = [CertsDirectory.Entry, new("http://mirror.test:5000")] },
        ["no upstream"] = s_kept with { Upstream = false, Registries = ["ghcr.io", "docker.io"] },
    };

    public static TheoryData<string, string> Cases()
    {
        var rows = new TheoryData<string, string>();
        foreach (var tree in new[] { "no folder", "a bit of everything" })
        {
            foreach (var settings in s_settings.Keys)
            {
                rows.Add(tree, settings);
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Configuring_leaves_each_file_the_old_or_the_new_one(string tree, string settings) =>
        AtEveryOperation(tree, _ => { }, (certs, files) => certs.Open(files).Configure(s_settings[settings]), s_settings[settings]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Configuring_otherwise_leaves_each_file_the_old_or_the_new_one(string tree, string settings)
    {
        var other = s_settings[settings] with { Hosts = [CertsDirectory.SecretEntry with { Secret = "b3RoZXI" }], ReplaceExisting = false, Upstream = true };
        AtEveryOperation(tree, certs => certs.Configure(s_settings[settings]), (certs, files) => certs.Open(files).Configure(other), other);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Cleaning_up_leaves_each_file_the_old_or_the_new_one(string tree, string settings) =>
        AtEveryOperation(tree, certs => certs.Configure(s_settings[settings]), (certs, files) => certs.Open(files).Cleanup(), s_settings[settings]);

    private static void AtEveryOperation(string tree, Action<CertsDirectory> prepare, Action<CertsDirectory, FileOperations> act, HostsSettings settings)
    {
        var after = StatesAfter(tree, prepare, act);
        var crashed = true;
        for (var operation = 0; crashed; operation++)
        {
            foreach (var inTheMiddle in new[] { false, true })
            {
                foreach (var goOn in new[] { false, true })
                {
                    using var certs = new CertsDirectory();
                    CertsTrees.All[tree].Make(certs);
                    var original = certs.Snapshot();
                    prepare(certs);
                    var before = States(certs);
                    var files = new CrashingFiles(operation, inTheMiddle);

                    crashed = Crashes(() => act(certs, files));

                    foreach (var (folder, state) in States(certs))
                    {
                        state.ShouldBeOneOf(before.GetValueOrDefault(folder), after.GetValueOrDefault(folder));
                    }

                    before.Keys.Intersect(after.Keys).ShouldBeSubsetOf(States(certs).Keys);
                    if (goOn)
                    {
                        certs.Configure(settings);
                        certs.Configure(settings).ShouldBeEmpty();
                    }

                    certs.Cleanup();
                    certs.Snapshot().ShouldBe(original, $"operation {operation}, {inTheMiddle}, {goOn}");
                }
            }
        }
    }

    /// <summary>What containerd finds for each registry: the file, or a folder without one.</summary>
    private static Dictionary<string, string> States(CertsDirectory certs) => certs.Snapshot()
        .Where(entry => !entry.Key.Contains(".peili-", StringComparison.Ordinal) && (entry.Value == "folder" || entry.Key.EndsWith("/hosts.toml", StringComparison.Ordinal)))
        .GroupBy(entry => entry.Key.Split('/')[0], StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => string.Join(' ', group.Select(entry => entry.Value)), StringComparer.Ordinal);

    private static Dictionary<string, string> StatesAfter(string tree, Action<CertsDirectory> prepare, Action<CertsDirectory, FileOperations> act)
    {
        using var certs = new CertsDirectory();
        CertsTrees.All[tree].Make(certs);
        prepare(certs);
        act(certs, new UnflushedFiles());
        return States(certs);
    }

    private static bool Crashes(Action act)
    {
        try
        {
            act();
            return false;
        }
        catch (CrashException)
        {
            return true;
        }
    }
}
