using System.Text.Json.Nodes;
using Peili.Crds;
using Peili.Flavors;
using Peili.Kubernetes.Models;
using Peili.Operator.Mirrors;

namespace Peili.Operator.Tests.Rules;

/// <summary>The pods of agents, as they are asked for.</summary>
public sealed class AgentDaemonSetTests
{
    private static readonly FlavorCatalog s_flavors = FlavorCatalog.Load();

    public static TheoryData<string> Supported { get; } = [.. s_flavors.Flavors.Where(flavor => flavor.Verdict != FlavorVerdict.Unsupported).Select(flavor => flavor.Name)];

    [Theory]
    [MemberData(nameof(Supported))]
    public void An_agent_may_nothing_that_it_does_not_need(string flavor)
    {
        var set = Render(flavor);
        set["spec"]!["updateStrategy"]!.ToJsonString().ShouldBe("""{"type":"RollingUpdate","rollingUpdate":{"maxUnavailable":"10%"}}""", "host ports allow no surge");
        var pod = Pod(set);
        pod["terminationGracePeriodSeconds"]!.GetValue<int>().ShouldBe(75);
        pod["automountServiceAccountToken"]!.GetValue<bool>().ShouldBeFalse();
        pod["hostNetwork"]!.GetValue<bool>().ShouldBeTrue();
        var security = Container(pod)["securityContext"]!;
        security["readOnlyRootFilesystem"]!.GetValue<bool>().ShouldBeTrue();
        security["allowPrivilegeEscalation"]!.GetValue<bool>().ShouldBeFalse();
        security["capabilities"]!["drop"]!.AsArray().ShouldHaveSingleItem()!.GetValue<string>().ShouldBe("ALL");
        security["privileged"].ShouldBeNull();
        Container(pod)["resources"]!["limits"]!.AsObject().Select(limit => limit.Key).ShouldBe(["memory"]);
    }

    [Theory]
    [MemberData(nameof(Supported))]
    public void What_the_agent_is_told_of_is_mounted_and_only_what_it_writes_is_writable(string flavor)
    {
        var pod = Pod(Render(flavor));
        var mounts = Container(pod)["volumeMounts"]!.AsArray().ToDictionary(mount => mount!["mountPath"]!.GetValue<string>(), mount => mount!["readOnly"]?.GetValue<bool>() ?? false);
        var volumes = pod["volumes"]!.AsArray().Select(volume => volume!["name"]!.GetValue<string>()).ToArray();
        volumes.Distinct().Count().ShouldBe(volumes.Length);
        Container(pod)["volumeMounts"]!.AsArray().Select(mount => mount!["name"]!.GetValue<string>()).ShouldBeSubsetOf(volumes);
        foreach (var (option, isWritten) in new[] { ("--containerd-socket=", true), ("--hosts-dir=", true), ("--containerd-config=", false) })
        {
            var path = Arguments(pod).Single(argument => argument.StartsWith(option, StringComparison.Ordinal))[option.Length..];
            var above = mounts.Where(mount => path.StartsWith(mount.Key + "/", StringComparison.Ordinal)).ToArray();
            above.ShouldNotBeEmpty($"{option}{path} is not mounted");
            (!isWritten || above.Any(mount => !mount.Value)).ShouldBeTrue($"{path} is not writable");
        }

        mounts["/var/lib/peili"].ShouldBeFalse();
        mounts["/etc/peili/tls"].ShouldBeTrue();
        mounts.Keys.ShouldNotContain("/");
    }

    [Fact]
    public void The_spec_overrules_the_flavor()
    {
        var pod = Pod(Render("kubeadm", new RegistryMirrorSpec
        {
            Containerd = new ContainerdSpec { SocketPath = "/srv/run/containerd.sock", HostsPath = "/srv/certs.d", ConfigPath = "/srv/conf/config.toml", ContentPath = "/srv/content" },
            Registries = ["docker.io"],
            UpstreamFallback = false,
            ExistingHosts = ExistingHosts.Replace,
            Ports = new PortsSpec { Registry = 1, Peer = 2, Ops = 3 },
        }));
        var arguments = Arguments(pod);
        arguments.ShouldBeSubsetOf(arguments.Distinct());
        foreach (var expected in new[]
        {
            "--containerd-socket=/srv/run/containerd.sock", "--hosts-dir=/srv/certs.d", "--containerd-config=/srv/conf/config.toml", "--registry=docker.io", "--no-upstream", "--replace-existing",
            "--registry-address=127.0.0.1:1", "--peer-address=[::]:2", "--ops-address=127.0.0.1:3", "--flavor=kubeadm",
        })
        {
            arguments.ShouldContain(expected);
        }

        foreach (var probe in new[] { "startupProbe", "livenessProbe", "readinessProbe" })
        {
            Container(pod)[probe]!["httpGet"]!["port"]!.GetValue<int>().ShouldBe(3);
        }

        Container(pod)["volumeMounts"]!.AsArray().Select(mount => mount!["mountPath"]!.GetValue<string>()).ShouldContain("/srv/run");
    }

    [Fact]
    public void Metrics_are_served_beyond_loopback_only_where_the_spec_says_so()
    {
        var loopback = Pod(Render("kubeadm"));
        var node = Pod(Render("kubeadm", new RegistryMirrorSpec { Metrics = new MetricsSpec { Mode = MetricsMode.Node }, Ports = new PortsSpec { Metrics = 30001 } }));

        Arguments(loopback).ShouldAllBe(argument => !argument.StartsWith("--metrics", StringComparison.Ordinal));
        $"{loopback}".ShouldNotContain("peili-metrics");
        Container(loopback)["ports"]!.AsArray().Count.ShouldBe(2);

        Arguments(node).ShouldContain("--metrics-address=[::]:30001");
        Arguments(node).ShouldContain("--metrics-token-file=/etc/peili/metrics/token");
        var port = Container(node)["ports"]!.AsArray().Single(port => (string?)port!["name"] == "metrics")!;
        port["containerPort"]!.GetValue<int>().ShouldBe(30001);
        port["hostPort"]!.GetValue<int>().ShouldBe(30001);
        var mount = Container(node)["volumeMounts"]!.AsArray().Single(mount => (string?)mount!["mountPath"] == "/etc/peili/metrics")!;
        mount["readOnly"]!.GetValue<bool>().ShouldBeTrue();
        mount["subPath"].ShouldBeNull("only a whole folder follows a rotation");
        node["volumes"]!.AsArray().Single(volume => (string?)volume!["name"] == (string?)mount["name"])!["secret"]!["secretName"]!.GetValue<string>().ShouldBe("peili-metrics");
    }

    [Fact]
    public void A_long_name_is_shortened_and_still_tells_flavors_apart()
    {
        var names = s_flavors.Flavors.Select(flavor => AgentDaemonSet.NameOf(new string('m', 40), flavor.Name)).Append(AgentDaemonSet.NameOf(new string('m', 60), "k3s")).ToArray();
        names.ShouldAllBe(name => name.Length <= 63);
        names.Distinct().Count().ShouldBe(names.Length);
    }

    [Fact]
    public void Another_configuration_of_mirrors_is_another_revision()
    {
        var one = Render("kubeadm", configuration: "1");
        JsonNode.DeepEquals(one["spec"]!["template"], Render("kubeadm", configuration: "2")["spec"]!["template"]).ShouldBeFalse();
        Arguments(Pod(one)).ShouldContain("--config=/etc/peili/config/agent.yaml");
        Pod(one)["volumes"]!.AsArray().Single(volume => (string?)volume!["name"] == "config")!["secret"]!["secretName"]!.GetValue<string>().ShouldBe("peili-mirror-default");
    }

    private static JsonObject Render(string flavor, RegistryMirrorSpec? spec = null, string? configuration = null) => AgentDaemonSet.Render(
        new RegistryMirror { Metadata = new ObjectMeta { Name = "default", Uid = "u" }, Spec = spec ?? new RegistryMirrorSpec() },
        s_flavors.Get(flavor),
        s_flavors.Unknown,
        "image",
        "peili-system",
        configuration);

    private static JsonNode Pod(JsonObject set) => set["spec"]!["template"]!["spec"]!;

    private static JsonNode Container(JsonNode pod) => pod["containers"]!.AsArray().ShouldHaveSingleItem()!;

    private static string[] Arguments(JsonNode pod) => [.. Container(pod)["args"]!.AsArray().Select(argument => argument!.GetValue<string>())];
}
