using FsCheck;
using FsCheck.Fluent;
using Peili.Containerd.Hosts;

namespace Peili.Containerd.Tests.Hosts;

/// <summary>On trees made by chance.</summary>
public sealed class HostsPropertyTests
{
    private const string Added = "\n[host.\"https://added.example\"]\n  skip_verify = true\n";

    [Fact]
    public void Configure_and_cleanup_leave_every_tree_as_it_was() => Check(
        from tree in RandomTrees.Trees
        from settings in RandomTrees.Settings.NonEmptyListOf()
        select (tree, settings),
        value =>
        {
            using var certs = Make(value.tree);
            var before = certs.Snapshot();
            foreach (var settings in value.settings)
            {
                var now = certs.Snapshot();
                if (!TryConfigure(certs, settings))
                {
                    certs.Snapshot().ShouldBe(now);
                }
            }

            certs.Cleanup().ShouldNotContain(change => change.Action == HostsAction.Left);
            certs.Snapshot().ShouldBe(before);
            if (Directory.Exists(certs.StatePath))
            {
                Directory.GetFileSystemEntries(certs.StatePath).ShouldBe([Path.Combine(certs.StatePath, "hosts")]);
            }
        });

    [Fact]
    public void Configure_twice_equals_once() => Check(
        from tree in RandomTrees.Trees
        from settings in RandomTrees.Settings
        select (tree, settings),
        value =>
        {
            using var certs = Make(value.tree);
            if (TryConfigure(certs, value.settings))
            {
                certs.Configure(value.settings).ShouldBeEmpty();
            }
        });

    [Fact]
    public void What_containerd_reads_is_ours_first_and_then_what_was_there() => Check(
        from tree in RandomTrees.Trees
        from settings in RandomTrees.Settings
        select (tree, settings),
        value =>
        {
            using var certs = Make(value.tree);
            var before = Hosts(certs);
            TryConfigure(certs, value.settings, out var changes);
            var after = Hosts(certs);
            foreach (var folder in changes.Select(change => Path.GetRelativePath(certs.Path, change.Path)))
            {
                var known = value.settings.ReplaceExisting ? [] : before.GetValueOrDefault(folder, []);
                var ours = value.settings.Hosts
                    .Where(host => host.Registries.Count == 0 || host.Registries.Contains(folder.Split('/')[0])).Select(host => host.Url).Where(url => !known.Contains(url));
                after[folder].ShouldBe([.. ours, .. known]);
            }
        });

    [Fact]
    public void An_edit_in_between_survives_and_only_what_is_ours_goes() => Check(
        from tree in RandomTrees.Trees
        from settings in RandomTrees.Settings
        select (tree, settings),
        value =>
        {
            using var certs = Make(value.tree);
            var before = certs.Snapshot();
            var originals = before.Keys.Where(key => key.EndsWith("/hosts.toml", StringComparison.Ordinal)).ToDictionary(key => key, certs.Read, StringComparer.Ordinal);
            if (!TryConfigure(certs, value.settings, out var changes))
            {
                return;
            }

            foreach (var change in changes)
            {
                File.WriteAllText(change.Path, $"# by hand\n{File.ReadAllText(change.Path)}{Added}");
            }

            certs.Cleanup().Count.ShouldBe(changes.Count);
            var after = certs.Snapshot();
            foreach (var (path, text) in changes.Select(change => Path.GetRelativePath(certs.Path, change.Path)).Select(path => (path, certs.Read(path))))
            {
                if (originals.TryGetValue(path, out var original))
                {
                    text.ShouldBeOneOf($"# by hand\n{original}{Added}", $"# by hand\n{original}\n{Added}");
                    after[path].Split(' ')[..^1].ShouldBe(before[path].Split(' ')[..^1]);
                }

                text.ShouldNotContain("peili: begin");
                text.ShouldNotContain("peili: off");
                HostsDocument.Parse(path, text).Hosts.ShouldContain("https://added.example");
            }
        });

    private static void Check<T>(Gen<T> values, Action<T> property) =>
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(200).WithEndSize(12), Prop.ForAll(values.ToArbitrary(), property));

    private static CertsDirectory Make((string[] Folders, (string Path, string Content, UnixFileMode Mode)[] Files) tree)
    {
        var certs = new CertsDirectory();
        foreach (var folder in tree.Folders)
        {
            Directory.CreateDirectory(certs.File(folder));
        }

        foreach (var (path, content, mode) in tree.Files)
        {
            certs.Write(path, content, mode);
        }

        return certs;
    }

    private static bool TryConfigure(CertsDirectory certs, HostsSettings settings) => TryConfigure(certs, settings, out _);

    private static bool TryConfigure(CertsDirectory certs, HostsSettings settings, out IReadOnlyList<HostsChange> changes)
    {
        try
        {
            changes = certs.Configure(settings);
            return true;
        }
        catch (InvalidDataException)
        {
            changes = [];
            return false;
        }
    }

    private static Dictionary<string, IReadOnlyList<string>> Hosts(CertsDirectory certs)
    {
        var hosts = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var path in certs.Snapshot().Keys.Where(key => key.EndsWith("/hosts.toml", StringComparison.Ordinal)))
        {
            try
            {
                hosts[path] = HostsDocument.Parse(path, certs.Read(path)).Hosts;
            }
            catch (InvalidDataException)
            {
                hosts[path] = [];
            }
        }

        return hosts;
    }
}
