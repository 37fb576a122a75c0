using System.Text;
using System.Text.Json.Nodes;
using Peili.Containerd.Tests.Support;
using Peili.Crds;
using Peili.Operator.Tests.Support;

namespace Peili.Operator.Tests;

/// <summary>What a user sees of a RegistryMirror, on a real API server.</summary>
public sealed class RegistryMirrorTests(SharedControlPlane shared)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Applied_it_labels_nodes_makes_a_DaemonSet_a_flavor_and_a_status_a_node()
    {
        await using var scene = await OperatorScene.StartAsync(shared);
        await scene.AddNodeAsync("a");
        await scene.AddNodeAsync("b");
        await scene.AddNodeAsync("c", kubelet: "v1.30.0+k3s1");
        await scene.AddNodeAsync("d", runtime: "cri-o://1.30.0");
        await scene.ApplyAsync("default");

        await scene.ConditionAsync("Ready", "True");
        var mirror = (await scene.MirrorAsync())!;
        mirror.Metadata.Finalizers.ShouldBe(["peili.dev/restore-nodes"]);
        await Eventually.IsTrueAsync(
            async () => (await scene.MirrorAsync())!.Status!.Nodes is { Selected: 4, Ready: 3, Compatible: 3, Unsupported: 1, NeedsConfiguration: 0, Unknown: 0 }, "the nodes are counted");
        (await scene.MirrorAsync())!.Status!.Flavors.Select(flavor => (flavor.Name, flavor.Nodes, flavor.Verdict)).ShouldBe(
            [("cri-o", 1, Verdict.Unsupported), ("k3s", 1, Verdict.Compatible), ("kubeadm", 2, Verdict.Compatible)]);
        (await scene.NodeAsync("c"))!.Metadata.Labels!["peili.dev/flavor"].ShouldBe("k3s");
        (await scene.NodeAsync("a"))!.Metadata.Labels!["peili.dev/mirror"].ShouldBe("default");
        (await scene.DaemonSetAsync("peili-default-k3s")).ShouldNotBeNull();
        (await scene.DaemonSetAsync("peili-default-kubeadm")).ShouldNotBeNull();
        (await scene.DaemonSetAsync("peili-default-cri-o")).ShouldBeNull();
        (await TemplateAsync(scene))["nodeSelector"]!.ToJsonString().ShouldBe("""{"kubernetes.io/os":"linux","peili.dev/flavor":"kubeadm","peili.dev/mirror":"default"}""");

        var status = (await scene.StatusAsync("a"))!;
        status.Metadata.OwnerReferences!.ShouldHaveSingleItem().Kind.ShouldBe("Node");
        status.Status!.Verdict.ShouldBe(Verdict.Compatible);
        status.Status.Agent!.Ready.ShouldBeTrue();
        (await scene.StatusAsync("d"))!.Status!.Findings.ShouldHaveSingleItem().Remedy.ShouldNotBeEmpty();
        (await scene.KubectlAsync("get", "namespace", "peili-system", "-o", "jsonpath={.metadata.labels}")).ShouldContain("\"pod-security.kubernetes.io/enforce\":\"privileged\"");
        (await scene.KubectlAsync("wait", "--for=condition=Ready", "registrymirror/default", "--timeout=10s")).ShouldContain("met");
        (await scene.KubectlAsync("get", "registrymirror,nodemirrorstatus")).ShouldContain("kubeadm");
    }

    [Fact]
    public async Task A_changed_spec_changes_the_agents()
    {
        await using var scene = await OperatorScene.StartAsync(shared);
        await scene.AddNodeAsync("a");
        await scene.ApplyAsync("default");
        await scene.ConditionAsync("Ready", "True");
        await scene.ApplyAsync("default", new JsonObject
        {
            ["registries"] = new JsonArray("docker.io", "quay.io"),
            ["agent"] = new JsonObject { ["image"] = "registry.test/agent:2", ["resources"] = new JsonObject { ["limits"] = new JsonObject { ["memory"] = "512Mi" } } },
            ["updateStrategy"] = new JsonObject { ["maxUnavailable"] = "2" },
            ["filters"] = new JsonArray("/secret/"),
        });

        await Eventually.IsTrueAsync(async () => (await TemplateAsync(scene))["containers"]![0]!["image"]!.GetValue<string>() == "registry.test/agent:2", "the image is another one");
        var container = (await TemplateAsync(scene))["containers"]![0]!;
        var arguments = container["args"]!.AsArray().Select(argument => argument!.GetValue<string>()).ToArray();
        arguments.ShouldContain("--registry=docker.io");
        arguments.ShouldContain("--filter=/secret/");
        arguments.ShouldContain("--flavor=kubeadm");
        container["resources"]!["limits"]!["memory"]!.GetValue<string>().ShouldBe("512Mi");
        (await scene.KubectlAsync("get", "daemonset", "-n", "peili-system", "peili-default-kubeadm", "-o", "jsonpath={.spec.updateStrategy.rollingUpdate.maxUnavailable}")).ShouldBe("2");
        await scene.ConditionAsync("Ready", "True");
    }

    [Fact]
    public async Task What_is_deleted_by_hand_comes_back_and_what_others_set_stays()
    {
        await using var scene = await OperatorScene.StartAsync(shared);
        await scene.AddNodeAsync("a");
        await scene.ApplyAsync("default");
        await scene.ConditionAsync("Ready", "True");
        await scene.KubectlAsync("annotate", "daemonset", "-n", "peili-system", "peili-default-kubeadm", "example.org/mine=yes");
        await scene.KubectlAsync("set", "image", "daemonset/peili-default-kubeadm", "-n", "peili-system", "agent=wrong:1");
        await Eventually.IsTrueAsync(async () => (await TemplateAsync(scene))["containers"]![0]!["image"]!.GetValue<string>() == "peili.dev/peili-agent:test", "the image is ours again");
        (await scene.DaemonSetAsync("peili-default-kubeadm"))!.Metadata.Annotations!["example.org/mine"].ShouldBe("yes");

        foreach (var (kind, name) in new[]
        {
            ("daemonset", "peili-default-kubeadm"), ("configmap", "peili-seeds"), ("service", "peili-agent"), ("serviceaccount", "peili-agent"), ("secret", "peili-agent"), ("secret", "peili-metrics"), ("secret", "peili-ca"),
        })
        {
            var uid = await scene.KubectlAsync("get", kind, name, "-n", "peili-system", "-o", "jsonpath={.metadata.uid}");
            await scene.KubectlAsync("delete", kind, name, "-n", "peili-system", "--wait=false");
            await Eventually.IsTrueAsync(
                async () => await scene.KubectlAsync("get", kind, name, "-n", "peili-system", "--ignore-not-found", "-o", "jsonpath={.metadata.uid}") is { Length: > 0 } again && again != uid,
                $"{kind} {name} comes back");
        }

        await scene.KubectlAsync("delete", "nodemirrorstatus", "a");
        await scene.NodeIsReadyAsync("a");
        await scene.KubectlAsync("label", "node", "a", "peili.dev/mirror-", "peili.dev/flavor-");
        await Eventually.IsTrueAsync(async () => (await scene.NodeAsync("a"))!.Mirror == "default", "the label comes back");
    }

    [Fact]
    public async Task A_narrowed_selector_releases_a_node_before_it_loses_its_agent()
    {
        await using var scene = await OperatorScene.StartAsync(shared);
        var a = await scene.AddNodeAsync("a", labels: ("pool", "one"));
        var b = await scene.AddNodeAsync("b", labels: ("pool", "two"));
        await scene.ApplyAsync("default");
        await scene.ConditionAsync("Ready", "True");
        await scene.NodeIsReadyAsync("b");
        await scene.ApplyAsync("default", new JsonObject { ["nodeSelector"] = new JsonObject { ["pool"] = "one" } });

        await Eventually.IsTrueAsync(async () => (await scene.NodeAsync("b"))!.Mirror is null, "b is left");
        b.Orders.ShouldBe(["Release"]);
        a.Orders.ShouldBeEmpty();
        await Eventually.IsTrueAsync(async () => await scene.StatusAsync("b") is null, "b's status goes");
        (await scene.NodeAsync("a"))!.Mirror.ShouldBe("default");

        await scene.ApplyAsync("default");
        await Eventually.IsTrueAsync(() => b.Orders is ["Release", "Acquire"], "b is acquired again");
        await scene.NodeIsReadyAsync("b");
    }

    [Fact]
    public async Task Paused_it_changes_nothing()
    {
        await using var scene = await OperatorScene.StartAsync(shared);
        await scene.AddNodeAsync("a");
        await scene.ApplyAsync("default");
        await scene.ConditionAsync("Ready", "True");
        await scene.KubectlAsync("annotate", "registrymirror", "default", "peili.dev/paused=true");
        await scene.ConditionAsync("Progressing", "False", reason: "Paused");
        await scene.ApplyAsync("default", new JsonObject { ["agent"] = new JsonObject { ["image"] = "other:1" } });
        await scene.AddNodeAsync("b");
        await scene.ConditionAsync("Progressing", "False", reason: "Paused");
        (await TemplateAsync(scene))["containers"]![0]!["image"]!.GetValue<string>().ShouldBe("peili.dev/peili-agent:test");
        (await scene.NodeAsync("b"))!.Mirror.ShouldBeNull();

        await scene.KubectlAsync("annotate", "registrymirror", "default", "peili.dev/paused-");
        await Eventually.IsTrueAsync(async () => (await scene.NodeAsync("b"))!.Mirror == "default", "b is taken");
        await Eventually.IsTrueAsync(async () => (await TemplateAsync(scene))["containers"]![0]!["image"]!.GetValue<string>() == "other:1", "the image is another one");
    }

    [Fact]
    public async Task Of_two_that_select_a_node_the_older_has_it()
    {
        await using var scene = await OperatorScene.StartAsync(shared);
        await scene.AddNodeAsync("a", labels: ("pool", "one"));
        await scene.AddNodeAsync("b", labels: ("pool", "two"));
        await scene.ApplyAsync("older", new JsonObject { ["nodeSelector"] = new JsonObject { ["pool"] = "one" } });
        await scene.ConditionAsync("Ready", "True", "older");
        await Task.Delay(1100, Cancellation); // creation times have whole seconds
        await scene.ApplyAsync("younger");

        (await scene.ConditionAsync("Conflicted", "True", "younger")).Message.ShouldContain("a (older)");
        await scene.EventAsync("NodesHeldByOther", "younger", "Warning");
        await scene.ConditionAsync("Ready", "True", "younger");
        (await scene.ConditionAsync("Conflicted", "False", "older")).Reason.ShouldBe("NoConflict");
        (await scene.NodeAsync("a"))!.Mirror.ShouldBe("older");
        (await scene.NodeAsync("b"))!.Mirror.ShouldBe("younger");

        await scene.KubectlAsync("delete", "registrymirror", "older", "--timeout=60s");
        await Eventually.IsTrueAsync(async () => (await scene.NodeAsync("a"))!.Mirror == "younger", "the younger gets it");
        await scene.ConditionAsync("Conflicted", "False", "younger");
    }

    [Fact]
    public async Task An_older_one_that_is_widened_gets_a_node_once_the_younger_ones_agent_has_released_it()
    {
        await using var scene = await OperatorScene.StartAsync(shared);
        await scene.AddNodeAsync("a", labels: ("pool", "one"));
        var b = await scene.AddNodeAsync("b", labels: ("pool", "two"));
        await scene.ApplyAsync("older", new JsonObject { ["nodeSelector"] = new JsonObject { ["pool"] = "one" } });
        await Task.Delay(1100, Cancellation); // creation times have whole seconds
        await scene.ApplyAsync("younger", new JsonObject { ["nodeSelector"] = new JsonObject { ["pool"] = "two" } });
        await scene.ConditionAsync("Ready", "True", "younger");
        b.Orders.ShouldBeEmpty();

        await scene.ApplyAsync("older");
        await Eventually.IsTrueAsync(async () => (await scene.NodeAsync("b"))!.Mirror == "older", "the older has it");
        b.Orders[0].ShouldBe("Release");
        (await scene.ConditionAsync("Conflicted", "True", "younger")).Message.ShouldContain("b (older)");
        await scene.ConditionAsync("Ready", "False", "younger", reason: "NoNodes");
        await Eventually.IsTrueAsync(() => b.Orders is ["Release", "Acquire"], "its next agent acquires it");
        await scene.ConditionAsync("Ready", "True", "older");
        (await scene.StatusAsync("b"))!.Status!.Mirror.ShouldBe("older");

        await scene.ApplyAsync("older", new JsonObject { ["nodeSelector"] = new JsonObject { ["pool"] = "one" } });
        await Eventually.IsTrueAsync(async () => (await scene.NodeAsync("b"))!.Mirror == "younger", "the younger gets it back");
        await scene.ConditionAsync("Conflicted", "False", "younger");
        await scene.ConditionAsync("Ready", "True", "younger");
        b.Orders.ShouldBe(["Release", "Acquire", "Release", "Acquire"], "ready is what its agent says after that");
    }

    [Fact]
    public async Task Pod_Security_labels_are_kept_where_that_is_wanted_and_else_only_asked_for()
    {
        await using var scene = await OperatorScene.StartAsync(shared);
        await scene.KubectlAsync("label", "namespace", OperatorScene.Namespace, "pod-security.kubernetes.io/enforce-", "pod-security.kubernetes.io/audit-", "pod-security.kubernetes.io/warn-");
        await scene.AddNodeAsync("a");
        await scene.ApplyAsync("default", new JsonObject { ["podSecurity"] = "Report" });
        var command = (await scene.ConditionAsync("PodSecurityReady", "False", reason: "NoLabel")).Message.Split("Run: kubectl ")[1];
        await scene.EventAsync("NoLabel", "default", "Warning");
        await scene.ConditionAsync("Ready", "True");
        (await LabelsAsync(scene)).ShouldNotContain("pod-security");
        (await scene.StatusAsync("a"))!.Status!.PodSecurity!.Satisfied.ShouldBeFalse();

        await scene.KubectlAsync("label", "namespace", OperatorScene.Namespace, "pod-security.kubernetes.io/enforce=restricted");
        await scene.ConditionAsync("PodSecurityReady", "False", reason: "TooStrict");
        await scene.KubectlAsync(command.Split(' '));
        await scene.ConditionAsync("PodSecurityReady", "True");
        (await LabelsAsync(scene)).ShouldNotContain("pod-security.kubernetes.io/audit", customMessage: "what it says is enough");

        await scene.KubectlAsync("label", "namespace", OperatorScene.Namespace, "pod-security.kubernetes.io/enforce=restricted", "--overwrite");
        await scene.ApplyAsync("default");
        await Eventually.IsTrueAsync(async () => (await LabelsAsync(scene)).Split("privileged").Length == 4, "all three labels are set");
        await scene.ConditionAsync("PodSecurityReady", "True");
    }

    [Fact]
    public async Task Secrets_of_additional_mirrors_are_waited_for_and_reach_the_agents()
    {
        await using var scene = await OperatorScene.StartAsync(shared);
        await scene.AddNodeAsync("a");
        await scene.ApplyAsync("default", new JsonObject
        {
            ["additionalMirrors"] = new JsonArray(new JsonObject { ["url"] = "https://mirror.test", ["credentialsSecretRef"] = new JsonObject { ["name"] = "login" } }),
        });
        (await scene.ConditionAsync("Degraded", "True", reason: "ReferenceMissing")).Message.ShouldContain("Secret peili-system/login");
        await scene.EventAsync("ReferenceMissing", "default", "Warning");
        (await scene.DaemonSetAsync("peili-default-kubeadm")).ShouldBeNull();

        await scene.KubectlAsync("create", "secret", "generic", "login", "-n", OperatorScene.Namespace, "--from-literal=username=jane", "--from-literal=password=one");
        await scene.ConditionAsync("Ready", "True");
        var first = await RevisionAsync(scene);
        (await ConfigurationAsync(scene)).ShouldContain(Convert.ToBase64String("jane:one"u8));

        await scene.KubectlAsync("patch", "secret", "login", "-n", OperatorScene.Namespace, "--type=merge", "-p", """{"stringData":{"password":"two"}}""");
        await Eventually.IsTrueAsync(async () => await RevisionAsync(scene) != first, "agents are rolled out with it");
        (await ConfigurationAsync(scene)).ShouldContain(Convert.ToBase64String("jane:two"u8));
        await scene.KubectlAsync("delete", "secret", "peili-mirror-default", "-n", OperatorScene.Namespace);
        await Eventually.IsTrueAsync(async () => (await scene.KubectlAsync("get", "secret", "peili-mirror-default", "-n", OperatorScene.Namespace, "--ignore-not-found", "-o", "name")).Length > 0, "it comes back");

        static Task<string> RevisionAsync(OperatorScene scene) =>
            scene.KubectlAsync("get", "daemonset", "peili-default-kubeadm", "-n", OperatorScene.Namespace, "-o", "jsonpath={.spec.template.metadata.annotations.peili\\.dev/configuration}");

        static async Task<string> ConfigurationAsync(OperatorScene scene) => Encoding.UTF8.GetString(
            Convert.FromBase64String(await scene.KubectlAsync("get", "secret", "peili-mirror-default", "-n", OperatorScene.Namespace, "-o", "jsonpath={.data.agent\\.yaml}")));
    }

    [Fact]
    public async Task What_the_schema_of_an_old_server_lets_through_is_told_by_a_condition()
    {
        await using var scene = await OperatorScene.StartAsync(shared);
        await scene.AddNodeAsync("a");
        await scene.ApplyAsync("default");
        await scene.ConditionAsync("Ready", "True");
        await scene.ApplyAsync("default", new JsonObject { ["upstreamFallback"] = false, ["resolveTags"] = "Never" });

        (await scene.ConditionAsync("Degraded", "True", reason: "InvalidSpec")).Message.ShouldContain("resolveTags");
        await scene.EventAsync("InvalidSpec", "default", "Warning");
        (await scene.ConditionAsync("Ready", "False")).Reason.ShouldBe("InvalidSpec");
        (await scene.NodeAsync("a"))!.Mirror.ShouldBe("default", "what it has it keeps");
        await scene.ApplyAsync("default");
        await scene.ConditionAsync("Ready", "True");
    }

    [Fact]
    public async Task Deleted_it_gives_every_node_back_and_goes()
    {
        await using var scene = await OperatorScene.StartAsync(shared);
        var a = await scene.AddNodeAsync("a");
        var b = await scene.AddNodeAsync("b", kubelet: "v1.30.0+k3s1");
        await scene.ApplyAsync("default");
        await scene.ConditionAsync("Ready", "True");
        b.Left.Add("/etc/containerd/certs.d/_default/hosts.toml: read-only file system");
        await scene.KubectlAsync("delete", "registrymirror", "default", "--timeout=60s");

        await scene.EventAsync("HostsLeft", "b", "Warning");
        a.Orders.ShouldBe(["Release"]);
        b.Orders.ShouldBe(["Release"]);
        (await scene.NodeAsync("a"))!.Mirror.ShouldBeNull();
        (await scene.NodeAsync("b"))!.Flavor.ShouldBeNull();
        (await scene.DaemonSetAsync("peili-default-kubeadm")).ShouldBeNull();
        await Eventually.IsTrueAsync(async () => await scene.StatusAsync("a") is null, "the status goes");
    }

    [Fact]
    public async Task A_deleted_one_whose_agent_is_away_for_a_moment_waits_for_it()
    {
        await using var scene = await OperatorScene.StartAsync(shared);
        var a = await scene.AddNodeAsync("a");
        await scene.ApplyAsync("default");
        await scene.ConditionAsync("Ready", "True");
        a.IsUp = false;
        await scene.KubectlAsync("delete", "registrymirror", "default", "--wait=false");
        (await scene.ConditionAsync("Progressing", "True", reason: "Deleting")).Message.ShouldContain("a");
        (await scene.NodeAsync("a"))!.Mirror.ShouldBe("default");
        a.IsUp = true;
        await Eventually.IsTrueAsync(async () => await scene.MirrorAsync() is null, "it goes");
        a.Orders.ShouldBe(["Release"]);
    }

    [Fact]
    public async Task A_deleted_one_whose_agent_does_not_come_back_goes_after_two_minutes_and_an_event_names_the_node()
    {
        await using var scene = await OperatorScene.StartAsync(shared);
        var a = await scene.AddNodeAsync("a");
        await scene.ApplyAsync("default");
        await scene.ConditionAsync("Ready", "True");
        await scene.NodeIsReadyAsync("a");
        a.IsUp = false;
        await scene.KubectlAsync("delete", "registrymirror", "default", "--wait=false");
        await scene.ConditionAsync("Progressing", "True", reason: "Deleting");
        await Task.Delay(TimeSpan.FromSeconds(5), Cancellation);
        (await scene.MirrorAsync()).ShouldNotBeNull("two minutes are not over");

        scene.Time.Leap(TimeSpan.FromMinutes(2));
        await Eventually.IsTrueAsync(async () => await scene.MirrorAsync() is null, "it goes");
        await scene.EventAsync("NotReleased", "a", "Warning");
    }

    [Fact]
    public async Task When_nothing_changes_nothing_is_written()
    {
        await using var scene = await OperatorScene.StartAsync(shared);
        await scene.AddNodeAsync("a");
        await scene.AddNodeAsync("b");
        var lost = await scene.AddNodeAsync("lost");
        await scene.ApplyAsync("default");
        await scene.ConditionAsync("Ready", "True");
        await scene.NodeIsReadyAsync("b");
        lost.Change(agent => agent.IsUp = false);
        await scene.ConditionAsync("Ready", "False");
        await SettleAsync(scene);

        var before = scene.Writes;
        await Task.Delay(TimeSpan.FromSeconds(8), Cancellation);
        (scene.Writes - before).ShouldBe(0);
    }

    [Fact]
    public async Task A_status_stands_until_an_operator_that_starts_anew_has_asked_the_agent()
    {
        await using var scene = await OperatorScene.StartAsync(shared);
        var a = await scene.AddNodeAsync("a");
        await scene.ApplyAsync("default");
        await scene.ConditionAsync("Ready", "True");
        await scene.NodeIsReadyAsync("a");
        await SettleAsync(scene);
        var before = (await scene.StatusAsync("a"))!.Metadata.ResourceVersion;
        await scene.StopOperatorAsync();
        var asked = a.Asked;
        a.Hesitation = TimeSpan.FromSeconds(1);
        await scene.StartOperatorAsync();
        await Eventually.IsTrueAsync(() => a.Asked > asked, "the agent has answered");
        await SettleAsync(scene);
        (await scene.StatusAsync("a"))!.Metadata.ResourceVersion.ShouldBe(before);
    }

    [Fact]
    public async Task Another_replica_takes_over_with_what_it_finds()
    {
        await using var scene = await OperatorScene.StartAsync(shared);
        await scene.AddNodeAsync("a");
        await scene.ApplyAsync("default");
        await scene.ConditionAsync("Ready", "True");
        await using var other = scene.BuildOperator();
        await other.StartAsync(Cancellation);
        await scene.StopOperatorAsync();
        await scene.AddNodeAsync("b");
        await scene.NodeIsReadyAsync("b");
        await other.StopAsync(Cancellation);
    }

    private static async Task SettleAsync(OperatorScene scene)
    {
        for (var (before, quiet) = (-1L, 0); quiet < 3; quiet = scene.Writes == before ? quiet + 1 : 0)
        {
            before = scene.Writes;
            await Task.Delay(1000, Cancellation);
        }
    }

    private static Task<string> LabelsAsync(OperatorScene scene) => scene.KubectlAsync("get", "namespace", OperatorScene.Namespace, "-o", "jsonpath={.metadata.labels}");

    private static async Task<JsonNode> TemplateAsync(OperatorScene scene) =>
        JsonNode.Parse(await scene.KubectlAsync("get", "daemonset", "-n", "peili-system", "peili-default-kubeadm", "-o", "jsonpath={.spec.template.spec}"))!;
}
