using FsCheck;
using FsCheck.Fluent;
using Peili.Containerd.Hosts;

namespace Peili.Containerd.Tests.Hosts;

/// <summary>Makes certs.d by chance: mostly files as administrators write them, now and then what is no TOML or no hosts.toml at all.</summary>
internal static class RandomTrees
{
    private static readonly string[] s_folders =
        ["_default", "docker.io", "quay.io", "registry.example:5000", "registry.example_5001_", "localhost:5000", "no-registry", ".hidden"];

    private static readonly string[] s_top =
    [
        "server = \"https://a.example\"", "# a comment, ä", "", "  ", "ca = [\n\"/a.pem\",\n  '/b.pem', # two\n]", "client = [\n  [\"/c\", \"/k\"],\n]", "skip_verify = false",
        "capabilities = [\"pull\"]", "note = \"\"\"\n[host.\"https://no.example\"]\n\"\"\"", "header.x-a = \"b\"", "flags = [\n[ true ],\n]",
    ];

    private static readonly string[] s_hosts =
    [
        "[host.\"https://one.example\"]\n  capabilities = [\"pull\", \"resolve\"]", "# second\n  [ host . 'https://two.example/v2' ]\n  ca = \"/ca.pem\"",
        "[host.\"https://three.example\"]\n[host.\"https://three.example\".header]\n  authorization = \"Basic c2VjcmV0\"", "[host.\"https://four.example\".header]\n  x = [\"a\", \"b\"]",
        "[host.\"https://five.example\"]\nheader = { x = \"y\" }\nclient = [[\"/c.pem\", \"/k.pem\"]]", "[host.\"https://six.example\"]\nheader.x-b = \"c\"\n\n# the end",
        "[host]", "[other]\n  x = 1", "[[list]]\na = 1", "[host.\"http://mirror.test:5000\"]\n  skip_verify = true",
    ];

    private static readonly string[] s_wrong =
    [
        "host.\"https://dotted.example\".capabilities = [\"pull\"]", "[host]\n\"https://inline.example\" = { capabilities = [\"pull\"] }", "[", "server = ", "\"\"\"", "# peili: end.", "host = 5",
    ];

    private static readonly UnixFileMode[] s_modes =
        [(UnixFileMode)Convert.ToInt32("600", 8), (UnixFileMode)Convert.ToInt32("644", 8), (UnixFileMode)Convert.ToInt32("664", 8), (UnixFileMode)Convert.ToInt32("666", 8)];

    /// <summary>Folders that are there, and files with their content and mode.</summary>
    public static Gen<(string[] Folders, (string Path, string Content, UnixFileMode Mode)[] Files)> Trees =>
        from folders in SubsetOf(s_folders)
        from files in File.ArrayOf()
        select (folders, files);

    /// <summary>What is to stand there.</summary>
    public static Gen<HostsSettings> Settings =>
        from registries in Gen.Elements<string[]>([HostsDirectory.Default], [HostsDirectory.Default, "docker.io"], ["quay.io", "registry.example:5001"])
        from hosts in Gen.Elements<HostEntry[]>(
            [CertsDirectory.Entry],
            [CertsDirectory.SecretEntry],
            [CertsDirectory.SecretEntry, new("http://mirror.test:5000")],
            [new("https://b.test/v2") { Authorities = ["/ca.pem"], Registries = ["quay.io"], Headers = new Dictionary<string, string> { ["a b\""] = "\\\n" } }, CertsDirectory.Entry])
        from replace in Gen.Elements(true, false)
        from upstream in Gen.Elements(true, false)
        select new HostsSettings { Registries = registries, Hosts = hosts, ReplaceExisting = replace, Upstream = upstream };

    private static Gen<(string Path, string Content, UnixFileMode Mode)> File =>
        from folder in Gen.Elements(s_folders)
        from name in Gen.Frequency((6, Gen.Constant("hosts.toml")), (1, Gen.Elements("ca.crt", "client.cert", "client.key", "notes.txt")))
        from content in Content
        from mode in Gen.Elements(s_modes)
        select ($"{folder}/{name}", content, mode);

    private static Gen<string> Content =>
        from top in SubsetOf(s_top)
        from hosts in SubsetOf(s_hosts)
        from wrong in Gen.Frequency((30, Gen.Constant<string[]>([])), (1, SubsetOf(s_wrong)))
        from windows in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true)))
        from end in Gen.Elements("", "\n")
        let text = string.Join('\n', [.. top, .. hosts, .. wrong]) + end
        select windows ? text.Replace("\n", "\r\n", StringComparison.Ordinal) : text;

    private static Gen<string[]> SubsetOf(string[] items) =>
        from shuffled in Gen.Shuffle(items)
        from count in Gen.Choose(0, Math.Min(4, items.Length))
        select shuffled.Take(count).ToArray();
}
