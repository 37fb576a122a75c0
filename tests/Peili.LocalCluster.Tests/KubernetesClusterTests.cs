using System.Text.Json;
using Peili.LocalCluster.Containerd;
using Peili.LocalCluster.Kubernetes;
using Peili.LocalCluster.Systemd;

namespace Peili.LocalCluster.Tests;

public sealed class KubernetesClusterTests(SharedKubernetesCluster shared) : KubernetesTest
{
    [Fact]
    public async Task A_daemon_set_of_an_imported_image_runs_on_three_nodes_and_on_one_that_joins_and_leaves()
    {
        var cluster = await shared.GetAsync();
        var image = await cluster.Machines.BuildAsync(Busybox(seed: 1), Cancellation);
        var archive = Path.Combine(cluster.Machines.Directory, "imported.tar");
        await image.WriteOciArchiveAsync(archive, "registry.example/imported:v1", Cancellation);
        await cluster.ImportAsync(archive, Cancellation);
        string[] running = ["get", "daemonset", "imported", "--output=jsonpath={.status.desiredNumberScheduled} {.status.numberReady}"];

        await ApplyAsync(cluster, DaemonSet("imported", "registry.example/imported:v1"));
        await ShouldComeToAsync(cluster, "3 3", running);
        var joined = await cluster.AddNodeAsync(
            new KubernetesNodeOptions
            {
                Settings = new ContainerdSettings { DiscardUnpackedLayers = true },
                Labels = new Dictionary<string, string> { ["topology.kubernetes.io/zone"] = "b" },
                Taints = ["example.com/starting=yes:NoSchedule"],
            },
            Cancellation);
        await ShouldComeToAsync(cluster, "4 4", running);

        var node = await KubectlAsync(
            cluster, "get", "node", joined.Name, "--output=jsonpath={.metadata.labels.topology\\.kubernetes\\.io/zone} {.spec.taints[?(@.key=='example.com/starting')].effect} {.status.addresses[0].address}");
        node.ShouldBe($"b NoSchedule {joined.Machine.Address}");
        (await joined.Machine.RunAsync("cat", ["/etc/containerd/config.toml"], Cancellation)).Output.ShouldContain("discard_unpacked_layers = true");

        await cluster.RemoveNodeAsync(joined, Cancellation);
        await ShouldComeToAsync(cluster, "3 3", running);
        (await KubectlAsync(cluster, "get", "nodes", "--output=name")).ShouldBe("node/node1\nnode/node2\nnode/node3\n");
    }

    [Fact]
    public async Task A_pod_with_a_service_account_may_ask_the_API_server_for_what_it_was_granted_and_for_nothing_else()
    {
        var cluster = await shared.GetAsync();
        await KubectlAsync(cluster, "create", "serviceaccount", "reader");
        await KubectlAsync(cluster, "create", "role", "reader", "--verb=list", "--resource=pods");
        await KubectlAsync(cluster, "create", "rolebinding", "reader", "--role=reader", "--serviceaccount=default:reader");

        // The address is that of the service, which kube-proxy makes one.
        const string script =
            """
            ask() {
                /bin/busybox wget -q -O - --no-check-certificate --header "Authorization: Bearer $(/bin/busybox cat /var/run/secrets/kubernetes.io/serviceaccount/token)" \
                    "https://$KUBERNETES_SERVICE_HOST:$KUBERNETES_SERVICE_PORT/api/v1/namespaces/default/$1" 2>&1 | /bin/busybox grep -oE '"kind": *"[A-Za-z]+List"|403 Forbidden' | /bin/busybox head -n 1
            }
            ask pods
            ask secrets
            """;
        await ApplyAsync(
            cluster,
            $$"""
              apiVersion: v1
              kind: Pod
              metadata: { name: reader }
              spec:
                serviceAccountName: reader
                restartPolicy: Never
                containers:
                - name: main
                  image: peili.test/pause:1
                  command: [/bin/busybox, sh, -c, {{JsonSerializer.Serialize(script)}}]
              """);

        await ShouldComeToAsync(cluster, "Succeeded", "get", "pod", "reader", "--output=jsonpath={.status.phase}");
        (await KubectlAsync(cluster, "logs", "reader")).Replace(" ", "", StringComparison.Ordinal).ShouldBe("\"kind\":\"PodList\"\n403Forbidden\n");
    }

    [Fact]
    public async Task Pods_on_different_nodes_reach_each_other_and_run_images_of_the_upstream_registry()
    {
        var cluster = await shared.GetAsync();
        var image = await cluster.Machines.PublishAsync(Busybox(seed: 2), "team/app", "v1", Cancellation);
        await KubectlAsync(cluster, "run", "server", $"--image={image.ByTag}", "--overrides={\"spec\":{\"nodeName\":\"node1\"}}", "--", "/bin/busybox", "httpd", "-f", "-h", "/bin");
        await ShouldComeToAsync(cluster, "true", "get", "pod", "server", "--output=jsonpath={.status.containerStatuses[0].ready}");
        var address = await KubectlAsync(cluster, "get", "pod", "server", "--output=jsonpath={.status.podIP}");

        await KubectlAsync(
            cluster, "run", "client", $"--image={image.ByTag}", "--restart=Never", "--overrides={\"spec\":{\"nodeName\":\"node2\"}}", "--",
            "/bin/busybox", "wget", "-q", "-O", "/dev/null", $"http://{address}/busybox");

        await ShouldComeToAsync(cluster, "Succeeded", "get", "pod", "client", "--output=jsonpath={.status.phase}");
        (await cluster.Nodes[1].Containerd.Content.FindProblemsAsync(image.Image.Blobs, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_node_with_a_systemd_has_its_containerd_restarted_over_the_system_bus_and_its_pods_go_on()
    {
        Assert.SkipWhen(SystemdHost.WhyNot() is not null, SystemdHost.WhyNot() ?? "");
        var cluster = await shared.GetAsync();
        var node = await cluster.AddNodeAsync(new KubernetesNodeOptions { Systemd = true, Taints = ["example.com/systemd=yes:NoExecute"] }, Cancellation);
        await ApplyAsync(cluster, DaemonSet("surviving", "peili.test/pause:1"));
        await ShouldComeToAsync(cluster, "4 4", "get", "daemonset", "surviving", "--output=jsonpath={.status.desiredNumberScheduled} {.status.numberReady}");
        var first = node.Containerd.Process;

        var restart = await node.Machine.RunAsync(
            "busctl",
            [
                "--address=unix:path=/run/dbus/system_bus_socket", "call", "org.freedesktop.systemd1", "/org/freedesktop/systemd1",
                "org.freedesktop.systemd1.Manager", "RestartUnit", "ss", "containerd.service", "replace",
            ],
            Cancellation);

        restart.OutputOrThrow("RestartUnit");
        await EventuallyAsync(() => first.Exited.IsCompleted && node.Containerd.IsRunning, "containerd is another one");
        await ShouldComeToAsync(cluster, "4 4", "get", "daemonset", "surviving", "--output=jsonpath={.status.desiredNumberScheduled} {.status.numberReady}");
        (await KubectlAsync(cluster, "get", "pods", "--selector=name=surviving", "--output=jsonpath={.items[*].status.containerStatuses[0].restartCount}")).ShouldBe("0 0 0 0");
        await cluster.RemoveNodeAsync(node, Cancellation);
    }

    [Fact]
    public async Task An_API_server_that_was_stopped_comes_back_with_everything_and_the_nodes_with_it()
    {
        var cluster = await shared.GetAsync();
        await KubectlAsync(cluster, "create", "configmap", "kept", "--from-literal=a=b");

        await cluster.StopApiServerAsync();
        (await cluster.KubectlAsync(["get", "nodes"], Cancellation)).ExitCode.ShouldNotBe(0);
        await cluster.StartApiServerAsync(Cancellation);

        (await KubectlAsync(cluster, "get", "configmap", "kept", "--output=jsonpath={.data.a}")).ShouldBe("b");
        await ApplyAsync(cluster, DaemonSet("after", "peili.test/pause:1"));
        await ShouldComeToAsync(cluster, "3 3", "get", "daemonset", "after", "--output=jsonpath={.status.desiredNumberScheduled} {.status.numberReady}");
    }
}
