namespace Peili.Flavors.Tests;

/// <summary>Nodes and hosts written from what the flavors are known to show, not captured from live ones.</summary>
public sealed class DetectionTests
{
    private const string Containerd = "containerd://2.2.4";
    private static readonly FlavorCatalog Catalog = FlavorCatalog.Load();

    [Theory]
    [InlineData("aks", "azure:///subscriptions/x", "Ubuntu 24.04.3 LTS", "containerd://2.3.3", "v1.33.2", "kubernetes.azure.com/cluster=MC_x")]
    [InlineData("eks-al2023", "aws:///eu-west-1a/i-1", "Amazon Linux 2023.7.20250609", Containerd, "v1.33.1-eks-1", "eks.amazonaws.com/nodegroup=a")]
    [InlineData("eks-al2", "aws:///eu-west-1a/i-1", "Amazon Linux 2", "containerd://1.7.34", "v1.31.1-eks-1", "eks.amazonaws.com/nodegroup=a")]
    [InlineData("eks-bottlerocket", "aws:///a/i-1", "Bottlerocket OS 1.56.0 (aws-k8s-1.33)", "containerd://2.2.4+bottlerocket", "v1.33.1-eks-1", "")]
    [InlineData("eks-auto", "aws:///a/i-1", "Bottlerocket (EKS Auto)", "containerd://2.2.4+bottlerocket", "v1.33.1-eks-1", "eks.amazonaws.com/compute-type=auto")]
    [InlineData("eks-fargate", "aws:///a/f-1", "Amazon Linux 2", "containerd://1.7.34", "v1.33.1-eks-1", "eks.amazonaws.com/compute-type=fargate")]
    [InlineData("gke", "gce://p/z/gke-c-1", "Container-Optimized OS from Google", "containerd://2.0.7", "v1.34.1-gke.2980000", "cloud.google.com/gke-nodepool=p")]
    [InlineData("minikube", "", "Buildroot 2025.2", "containerd://2.3.4", "v1.34.0", "minikube.k8s.io/name=minikube")]
    [InlineData("kind", "kind://docker/kind/kind-worker", "Debian GNU/Linux 13", "containerd://2.3.4", "v1.34.0", "")]
    [InlineData("k3s", "k3s://n1", "Ubuntu 24.04", "containerd://2.1.5-k3s1.33", "v1.33.5+k3s1", "")]
    [InlineData("k3s", "aws:///a/i-1", "Amazon Linux 2023.7", "containerd://2.1.5-k3s1.33", "v1.33.5+k3s1", "")]
    [InlineData("rke2", "rke2://n1", "SLES 15", "containerd://2.1.5-k3s1.33", "v1.33.5+rke2r1", "")]
    [InlineData("k0s", "", "Alpine Linux v3.22", "containerd://1.7.34", "v1.33.5+k0s", "")]
    [InlineData("talos", "aws:///a/i-1", "Talos (v1.13.0)", Containerd, "v1.35.0", "")]
    [InlineData("microk8s", "", "Ubuntu 24.04", "containerd://2.2.3", "v1.34.0", "microk8s.io/cluster=true")]
    [InlineData("openshift", "", "Red Hat Enterprise Linux CoreOS 9.6", "cri-o://1.33.4", "v1.33.4", "node.openshift.io/os_id=rhel")]
    [InlineData("cri-o", "", "Fedora Linux 42", "cri-o://1.33.4", "v1.33.4", "")]
    [InlineData("cri-dockerd", "", "Buildroot 2025.2", "docker://28.4.0", "v1.34.0", "minikube.k8s.io/name=minikube")]
    [InlineData("unknown", "", "Debian GNU/Linux 13", Containerd, "v1.34.0", "")]
    public void A_node_is_of_its_flavor(string flavor, string providerId, string osImage, string runtime, string kubelet, string label)
    {
        var node = new NodeFacts { ProviderId = providerId, OsImage = osImage, ContainerRuntimeVersion = runtime, KubeletVersion = kubelet };
        if (label.Split('=') is [var key, var value])
        {
            node = node with { Labels = new Dictionary<string, string> { [key] = value } };
        }

        Catalog.Detect(node).Name.ShouldBe(flavor);
    }

    [Fact]
    public void A_node_of_Autopilot_is_known_by_its_name() =>
        Catalog.Detect(new NodeFacts { Name = "gk3-c-1", KubeletVersion = "v1.34.1-gke.1", ProviderId = "gce://p/z/gk3-c-1" }).Name.ShouldBe("gke-autopilot");

    [Fact]
    public void A_node_of_kubeadm_is_known_by_its_annotation() => Catalog.Detect(new NodeFacts
    {
        Annotations = new Dictionary<string, string> { ["kubeadm.alpha.kubernetes.io/cri-socket"] = "unix:///run/containerd/containerd.sock" },
    }).Name.ShouldBe("kubeadm");

    [Theory]
    [InlineData("kind", "/kind/version", "v1.34.0", "/var/lib/kubelet/kubeadm-flags.env", "")]
    [InlineData("k3s", "/var/lib/rancher/k3s/agent/etc/containerd/config.toml", "", null, "")]
    [InlineData("rke2", "/var/lib/rancher/rke2/agent/etc/containerd/config.toml", "", null, "")]
    [InlineData("k0s", "/etc/k0s/containerd.toml", "# k0s_managed=true", null, "")]
    [InlineData("talos", "/etc/os-release", "NAME=\"Talos\"\nID=talos\n", null, "")]
    [InlineData("microk8s", "/var/snap/microk8s/current/args/containerd.toml", "", null, "")]
    [InlineData("minikube", "/etc/VERSION", "v1.37.0", "/var/lib/minikube/certs/ca.crt", "")]
    [InlineData("eks-bottlerocket", "/etc/os-release", "NAME=Bottlerocket\nID=bottlerocket\n", null, "")]
    [InlineData("eks-al2023", "/etc/os-release", "PRETTY_NAME=\"Amazon Linux 2023.7.20250609\"\n", "/etc/eks/image-credential-provider/config.json", "")]
    [InlineData("eks-al2", "/etc/os-release", "ID=\"amzn\"\nPRETTY_NAME=\"Amazon Linux 2\"\n", "/etc/eks/bootstrap.sh", "")]
    [InlineData("aks", "/opt/azure/containers/provision.sh", "", null, "")]
    [InlineData("gke", "/home/kubernetes/bin/kubelet", "", null, "")]
    [InlineData("openshift", "/etc/os-release", "ID=\"rhcos\"\n", "/etc/crio/crio.conf", "")]
    [InlineData("cri-o", "/var/lib/kubelet/kubeadm-flags.env", "--container-runtime-endpoint=unix:///var/run/crio/crio.sock", null, "")]
    [InlineData("cri-dockerd", "/var/lib/kubelet/kubeadm-flags.env", "unix:///var/run/cri-dockerd.sock", null, "")]
    [InlineData("kubeadm", "/var/lib/kubelet/kubeadm-flags.env", "--container-runtime-endpoint=unix:///run/containerd/containerd.sock", null, "")]
    [InlineData("unknown", "/etc/os-release", "ID=debian\n", null, "")]
    public void A_host_is_of_its_flavor(string flavor, string path, string text, string? otherPath, string otherText)
    {
        using var host = new HostFolder();
        host.Write(path, text);
        if (otherPath is not null)
        {
            host.Write(otherPath, otherText);
        }

        Catalog.Detect(host).Name.ShouldBe(flavor);
    }
}
