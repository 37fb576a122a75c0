using Peili.LocalCluster.Containerd;

namespace Peili.Remediation.Tests;

/// <summary>A distribution that restarts containerd itself.</summary>
public sealed class K0sTests
{
    private const string Version2 = "version = 2\n";

    /// <summary>k0s is a stand-in here: a path unit that merges drop-ins and restarts containerd three seconds after a change of their folder, as k0s up to 1.35 does.</summary>
    [Theory]
    [InlineData("", 0)]
    [InlineData("if grep -q certs.d /run/k0s/containerd-cri.toml; then exit 1; fi; ", 1)]
    public async Task On_k0s_a_drop_in_is_written_and_k0s_restarts_containerd(string fault, int status)
    {
        await using var host = await ContainerdHost.StartAsync(
            ContainerdRelease.V1_7,
            Version2,
            files =>
            {
                files.Write("/etc/k0s/containerd.toml", "# k0s_managed=true\nversion = 2\nimports = [\"/run/k0s/containerd-cri.toml\"]\n");
                files.Write("/run/k0s/containerd-cri.toml", Version2);
                Directory.CreateDirectory(files.At("/etc/k0s/containerd.d"));
                Directory.CreateDirectory(files.At("/var/lib/k0s/containerd/io.containerd.content.v1.content"));
                files.AddUnit("k0s.path", "[Path]\nPathChanged=/etc/k0s/containerd.d\nUnit=merge.service");
                files.Write(
                    "/etc/systemd/system/merge.service",
                    """
                    [Unit]
                    DefaultDependencies=no
                    [Service]
                    Type=oneshot
                    ExecStart=/bin/sh -c 'sleep 3; echo "version = 2" >/run/k0s/next; cat /etc/k0s/containerd.d/*.toml >/run/k0s/next; mv /run/k0s/next /run/k0s/containerd-cri.toml; systemctl restart k0s.service'
                    """);
            },
            $"/bin/sh -c '{fault}exec {{0}} --config /etc/k0s/containerd.toml --address /run/k0s/containerd.sock --root /var/lib/k0s/containerd --state /run/k0s/containerd'",
            unit: "k0s.service",
            socket: "/run/k0s/containerd.sock");

        var result = await host.RemediateAsync();

        result.ExitCode.ShouldBe(status, result.Output + result.Error);
        File.Exists(host.At("/etc/k0s/containerd.d/cri-registry.toml")).ShouldBe(status == 0);
        host.Read("/run/k0s/containerd-cri.toml").Contains("/etc/k0s/containerd.d/certs.d", StringComparison.Ordinal).ShouldBe(status == 0);
        await host.CheckAsync(status);
    }
}
