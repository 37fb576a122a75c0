namespace Peili.Containerd.Tests.Hosts;

/// <summary>certs.d as it is found in the field.</summary>
internal static class CertsTrees
{
    public const string Mirror = "[host.\"https://mirror.example\"]\n  capabilities = [\"pull\", \"resolve\"]\n";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode GroupWrite = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    /// <summary>Name of the tree, what makes it, and the hosts.toml files that are ours to write.</summary>
    public static IReadOnlyDictionary<string, (Action<CertsDirectory> Make, string[] Written)> All { get; } =
        new Dictionary<string, (Action<CertsDirectory>, string[])>(StringComparer.Ordinal)
        {
            ["nothing"] = (_ => { }, ["_default"]),
            ["no folder"] = (certs => Directory.Delete(certs.Path), ["_default"]),
            ["_default"] = (certs => certs.Write("_default/hosts.toml", Mirror), ["_default"]),
            ["_default and registries"] = (
                certs =>
                {
                    certs.Write("_default/hosts.toml", Mirror);
                    certs.Write("docker.io/hosts.toml", $"server = \"https://registry-1.docker.io\"\n\n{Mirror}\n[host.\"https://other.example\"]\n");
                    certs.Write("quay.io/hosts.toml", $"# kept\n{Mirror}# kept too\n");
                },
                ["_default", "docker.io", "quay.io"]),
            ["only a server, as minikube has it"] = (
                certs => certs.Write("docker.io/hosts.toml", "server = \"https://registry-1.docker.io\"\n"), ["_default", "docker.io"]),
            ["an empty hosts.toml"] = (certs => certs.Write("docker.io/hosts.toml", ""), ["_default", "docker.io"]),
            ["an empty folder"] = (certs => Directory.CreateDirectory(certs.File("docker.io")), ["_default", "docker.io"]),
            ["certificates without a hosts.toml, as docker has them"] = (
                certs =>
                {
                    certs.Write("registry.example:5000/ca.crt", "authority");
                    certs.Write("registry.example:5000/client.cert", "certificate");
                    certs.Write("registry.example:5000/client.key", "key", OwnerOnly);
                    certs.Write("registry.example_5001_/ca.crt", "authority");
                },
                ["_default", "registry.example:5000", "registry.example_5001_"]),
            ["no newline at the end"] = (
                certs =>
                {
                    certs.Write("docker.io/hosts.toml", "server = \"https://registry-1.docker.io\"");
                    certs.Write("quay.io/hosts.toml", Mirror.TrimEnd());
                },
                ["_default", "docker.io", "quay.io"]),
            ["arrays over several lines"] = (
                certs => certs.Write(
                    "docker.io/hosts.toml",
                    $"server = \"https://a.example\"\nca = [\n  \"/a.pem\",\n]\nclient = [\n  [\"/c.pem\", \"/k.pem\"],\n['/d.pem', '/l.pem'],\n]\n{Mirror}"),
                ["_default", "docker.io"]),
            ["headers of the server before the hosts"] = (
                certs => certs.Write("docker.io/hosts.toml", $"server = \"https://a.example\"\n[header]\n  x-a = [\"b\"]\n{Mirror}"), ["_default", "docker.io"]),
            ["Windows' line ends"] = (
                certs => certs.Write("docker.io/hosts.toml", $"server = \"https://a.example\"\n{Mirror}".Replace("\n", "\r\n", StringComparison.Ordinal)),
                ["_default", "docker.io"]),
            ["indentation and comments"] = (
                certs => certs.Write("docker.io/hosts.toml", $"# [host.\"https://no.example\"]\n\n   \t# ä\n  {Mirror}"), ["_default", "docker.io"]),
            ["registries on loopback"] = (
                certs =>
                {
                    certs.Write("localhost:5000/hosts.toml", Mirror);
                    certs.Write("127.0.0.1:5000/hosts.toml", Mirror);
                    certs.Write("[::1]:5000/hosts.toml", Mirror);
                    certs.Write("localhost_5001_/hosts.toml", Mirror);
                },
                ["_default"]),
            ["modes of all kinds"] = (
                certs =>
                {
                    certs.Write("docker.io/hosts.toml", Mirror, OwnerOnly);
                    certs.Write("quay.io/hosts.toml", Mirror, GroupWrite);
                    certs.Write("ghcr.io/hosts.toml", Mirror, GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite);
                },
                ["_default", "docker.io", "quay.io", "ghcr.io"]),
            ["a bit of everything"] = (
                certs =>
                {
                    Directory.CreateDirectory(certs.File("quay.io"));
                    certs.Write("registry.example_5001_/ca.crt", "authority");
                    certs.Write("docker.io/hosts.toml", $"server = \"https://a.example\"\n{Mirror}", GroupWrite);
                },
                ["_default", "docker.io", "quay.io", "registry.example_5001_"]),
            ["what is none of ours"] = (
                certs =>
                {
                    certs.Write("README", "by hand\n");
                    certs.Write(".git/config", "[core]\n");
                    certs.Write("docker.io/notes/hosts.toml", Mirror);
                },
                ["_default", "docker.io"]),
        };
}
