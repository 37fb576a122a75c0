using FsCheck;
using FsCheck.Fluent;

namespace Peili.Containerd.Tests.Hosts;

/// <summary>On trees made by chance.</summary>
public sealed class HostsPropertyTests
{
    private static readonly string[] s_folders = ["_default", "docker.io", "quay.io", "registry.example:5000", "registry.example_5001_", "localhost:5000"];

    private static readonly string[] s_pieces =
    [
        "server = \"https://a.example\"", "\n", "\r\n", " ", "\t", "# comment", "ä", "\ufeff", "[header]", "x-a = \"b\"", "ca = [\n\"/a.pem\",\n]",
        "client = [\n  [\"/c\", \"/k\"],\n]", "[host.\"https://mirror.example\"]", "  capabilities = [\"pull\"]", "[[x]]", "\"\"\"", "[", "]", "# peili: end.",
    ];

    private static readonly UnixFileMode[] s_modes =
        [(UnixFileMode)Convert.ToInt32("600", 8), (UnixFileMode)Convert.ToInt32("644", 8), (UnixFileMode)Convert.ToInt32("664", 8), (UnixFileMode)Convert.ToInt32("666", 8)];

    [Fact]
    public void Configure_and_cleanup_leave_every_tree_as_it_was()
    {
        var text = Gen.Elements(s_pieces).ListOf().Select(string.Concat);
        var file = from folder in Gen.Elements(s_folders)
                   from name in Gen.Elements("hosts.toml", "ca.crt", "client.cert", "client.key")
                   from content in text
                   from mode in Gen.Elements(s_modes)
                   select (Path: $"{folder}/{name}", Content: content, Mode: mode);
        var steps = from files in file.ListOf()
                    from folders in Gen.Elements(s_folders).ListOf()
                    from times in Gen.Choose(1, 3)
                    from secret in Gen.Elements(true, false)
                    select (files, folders, times, secret);

        var property = Prop.ForAll(steps.ToArbitrary(), tree =>
        {
            using var certs = new CertsDirectory();
            foreach (var folder in tree.folders)
            {
                Directory.CreateDirectory(certs.File(folder));
            }

            foreach (var (path, content, mode) in tree.files)
            {
                certs.Write(path, content, mode);
            }

            var before = certs.Snapshot();
            for (var time = 0; time < tree.times; time++)
            {
                certs.Configure(tree.secret ? CertsDirectory.SecretEntry : CertsDirectory.Entry);
            }

            var wroteAgain = certs.Configure(tree.secret ? CertsDirectory.SecretEntry : CertsDirectory.Entry).Count;
            certs.Cleanup();
            return wroteAgain == 0 && certs.Snapshot().SequenceEqual(before);
        });

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), property);
    }
}
