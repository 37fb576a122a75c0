using System.Text;
using Peili.Containerd;
using Peili.Containerd.Configuration;
using Peili.Flavors;
using Peili.NodeAgent.Remediation;

namespace Peili.NodeAgent.Tests.Remediation;

public sealed class PlannerTests : IDisposable
{
    private const string Root = "/etc/containerd/config.toml";
    private const string DropInFile = "/etc/containerd/conf.d/99.toml";
    private static readonly FlavorCatalog Flavors = FlavorCatalog.Load();

    private readonly DirectoryInfo _host = Directory.CreateTempSubdirectory("peili-planner-");

    public void Dispose() => _host.Delete(recursive: true);

    [Theory]
    [InlineData("1.6.20", "version = 2\n", "version = 2\n\n[plugins.\"io.containerd.grpc.v1.cri\".registry]\nconfig_path = \"/etc/containerd/certs.d\"\n")]
    [InlineData("1.7.24", "", "[plugins.cri.registry]\nconfig_path = \"/etc/containerd/certs.d\"\n")]
    [InlineData("2.1.4", "version = 3\n", "version = 3\n\n[plugins.\"io.containerd.cri.v1.images\".registry]\nconfig_path = \"/etc/containerd/certs.d\"\n")]
    [InlineData("2.3.1", "version = 2\n", "version = 2\n\n[plugins.\"io.containerd.grpc.v1.cri\".registry]\nconfig_path = \"/etc/containerd/certs.d\"\n")]
    public void An_unset_path_is_set_where_the_version_has_it(string release, string before, string after) =>
        Edited(release, before).ShouldBe(after);

    [Fact]
    public void What_is_there_already_is_changed_in_place_with_its_comments()
    {
        const string before = """
            # Ours, do not touch.
            version = 3

            [plugins.'io.containerd.cri.v1.images']
              discard_unpacked_layers = true # saves disk
              snapshotter = 'overlayfs'

              [plugins.'io.containerd.cri.v1.images'.registry]
                config_path = '/etc/containerd/certs.d:/etc/docker/certs.d'
            """;

        Edited("2.1.4", before).ShouldBe(before
            .Replace("true # saves", "false # saves", StringComparison.Ordinal)
            .Replace(":/etc/docker/certs.d", "", StringComparison.Ordinal));
    }

    [Fact]
    public void The_file_that_wins_is_the_one_that_is_edited()
    {
        Write(DropInFile, "version = 3\n[plugins.\"io.containerd.cri.v1.images\"]\ndiscard_unpacked_layers = true\n");
        var plan = Plan("2.1.4", $"version = 3\nimports = [\"{DropInFile}\"]\n[plugins.\"io.containerd.cri.v1.images\".registry]\nconfig_path = \"/etc/containerd/certs.d\"\n");

        var edit = plan.Edits.ShouldHaveSingleItem();
        edit.Path.ShouldBe(DropInFile);
        Encoding.UTF8.GetString(edit.After).ShouldContain("discard_unpacked_layers = false");
    }

    [Fact]
    public void A_drop_in_that_replaces_the_table_of_an_old_release_gets_the_setting()
    {
        Write(DropInFile, "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\".containerd]\nsnapshotter = \"overlayfs\"\n");
        Write("/etc/containerd/conf.d/later.toml", "version = 2\n");
        var plan = Plan(
            "1.7.24", $"version = 2\nimports = [\"{DropInFile}\", \"/etc/containerd/conf.d/later.toml\"]\n[plugins.\"io.containerd.grpc.v1.cri\"]\nsandbox_image = \"a\"\n");

        plan.Edits.ShouldHaveSingleItem().Path.ShouldBe(DropInFile);
    }

    [Fact]
    public void Layers_of_a_version_2_file_without_runtimes_are_kept_through_the_new_name()
    {
        // containerd 2.x leaves version 2's setting behind where no runtimes stand beside it: what is set there does not count.
        const string before = """
            version = 2
            [plugins."io.containerd.cri.v1.images"]
              discard_unpacked_layers = true
            [plugins."io.containerd.grpc.v1.cri".registry]
              config_path = "/etc/containerd/certs.d"
            """;

        Edited("2.1.4", before).ShouldBe(before.Replace("= true", "= false", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("disabled_plugins = [\"cri\"]\n", "1.7.24")]
    [InlineData("version = 2\ndisabled_plugins = [\"io.containerd.grpc.v1.cri\"]\n", "1.7.24")]
    [InlineData("version = 3\ndisabled_plugins = [\"io.containerd.internal.v1.opt\", \"io.containerd.grpc.v1.cri\", \"io.containerd.cri.v1.images\"]\n", "2.1.4")]
    public void A_disabled_CRI_plugin_is_enabled_and_other_plugins_stay_disabled(string before, string release)
    {
        var plan = Plan(release, before);
        plan.Wish.EnablesCri.ShouldBeTrue();
        var after = Encoding.UTF8.GetString(plan.Edits.ShouldHaveSingleItem().After);
        Write(Root, after);
        Planner(release).Left().EnablesCri.ShouldBeFalse(after);
        after.Contains("internal.v1.opt", StringComparison.Ordinal).ShouldBe(before.Contains("internal.v1.opt", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_a_file_one_is_made()
    {
        var edit = Planner("1.7.24").Make().Edits.ShouldHaveSingleItem();
        edit.Before.ShouldBeNull();
        Encoding.UTF8.GetString(edit.After).ShouldStartWith("version = 2\n");
        Encoding.UTF8.GetString(Planner("2.3.1").Make().Edits.ShouldHaveSingleItem().After).ShouldStartWith("version = 3\n");
    }

    [Theory]
    [InlineData("[plugins.\"io.containerd.grpc.v1.cri\".registry.mirrors.\"docker.io\"]\nendpoint = [\"https://a\"]\n", "registry.mirrors is set for docker.io")]
    [InlineData("[plugins.\"io.containerd.grpc.v1.cri\".registry.configs.\"a\".tls]\nca_file = \"/ca\"\n", "tls is set")]
    public void What_only_its_owner_can_replace_is_refused(string tables, string reason)
    {
        var plan = Plan("1.7.24", "version = 2\n" + tables);
        plan.Edits.ShouldBeEmpty();
        plan.Refusal.ShouldNotBeNull().ShouldStartWith(Root);
        plan.Refusal.ShouldContain(reason);
    }

    [Theory]
    [InlineData("2.1.4", "/srv/certs.d")]
    [InlineData("1.7.24", "/srv/certs.d:/etc/docker/certs.d")]
    public void A_path_that_works_is_left_alone(string release, string path)
    {
        var plan = Plan(release, $"version = 2\n[plugins.\"io.containerd.grpc.v1.cri\".registry]\nconfig_path = \"{path}\"\n");
        (plan.Wish.IsFulfilled, plan.Edits.Count, plan.Refusal).ShouldBe((true, 0, null));
    }

    [Fact]
    public void The_folder_that_the_agent_writes_is_the_one_that_is_set()
    {
        Write(Root, "version = 2\n");
        Encoding.UTF8.GetString(Planner("1.7.24", "/srv/certs.d").Make().Edits.ShouldHaveSingleItem().After).ShouldContain("config_path = \"/srv/certs.d\"");
    }

    [Fact]
    public void Of_a_list_without_the_usual_folder_the_first_stays() =>
        Edited("2.1.4", "version = 3\n[plugins.\"io.containerd.cri.v1.images\".registry]\nconfig_path = \"/srv/a:/srv/b\"\n").ShouldContain("config_path = \"/srv/a\"");

    [Fact]
    public void K0s_gets_a_drop_in_of_the_version_that_its_containerd_reads()
    {
        Write("/etc/k0s/containerd.toml", "# k0s_managed=true\nversion = 2\n");
        Write("/etc/k0s/containerd.d/nvidia.toml", "version = 2\n");
        var old = new Planner(new HostRoot(_host.FullName), Flavors.Get("k0s"), "/etc/k0s/containerd.toml", "/etc/k0s/containerd.d/certs.d", new ReleaseNumber(1, 7, 24)).Make().Edits.ShouldHaveSingleItem();
        old.Path.ShouldBe("/etc/k0s/containerd.d/cri-registry.toml");
        Encoding.UTF8.GetString(old.After).ShouldBe(
            "version = 2\n\n[plugins.\"io.containerd.grpc.v1.cri\".registry]\nconfig_path = \"/etc/k0s/containerd.d/certs.d\"\n");
        var young = new Planner(new HostRoot(_host.FullName), Flavors.Get("k0s"), "/etc/k0s/containerd.toml", "/etc/k0s/containerd.d/certs.d", new ReleaseNumber(2, 3, 1)).Make().Edits.ShouldHaveSingleItem();
        Encoding.UTF8.GetString(young.After).ShouldStartWith("version = 3\n");
    }

    [Theory]
    [InlineData("version = \n")]
    [InlineData("plugins = 1\n")]
    public void A_drop_in_that_cannot_be_edited_is_named(string text)
    {
        Write("/etc/k0s/containerd.toml", "version = 2\n");
        Write("/etc/k0s/containerd.d/cri-registry.toml", text);
        var planner = new Planner(
            new HostRoot(_host.FullName), Flavors.Get("k0s"), "/etc/k0s/containerd.toml", "/etc/k0s/containerd.d/certs.d", new ReleaseNumber(1, 7, 24));
        Should.Throw<ConfigurationException>(() => planner.Make()).Message.ShouldStartWith("/etc/k0s/containerd.d/cri-registry.toml: ");
    }

    [Fact]
    public void Where_no_file_is_the_remedy_the_reason_is_said()
    {
        var plan = new Planner(new HostRoot(_host.FullName), Flavors.Get("talos"), "/etc/cri/containerd.toml", "/etc/cri/conf.d/hosts", new ReleaseNumber(2, 1, 4)).Make();
        plan.Edits.ShouldBeEmpty();
        plan.Refusal.ShouldNotBeNull().ShouldContain("machine configuration");
    }

    private string Edited(string release, string before) => Encoding.UTF8.GetString(Plan(release, before).Edits.ShouldHaveSingleItem().After);

    private Plan Plan(string release, string text)
    {
        Write(Root, text);
        return Planner(release).Make();
    }

    private Planner Planner(string release, string hostsDirectory = "/etc/containerd/certs.d") =>
        new(new HostRoot(_host.FullName), Flavors.Get("kubeadm"), Root, hostsDirectory, ReleaseNumber.TryParse(release, out var number) ? number : default);

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_host.FullName + path)!);
        File.WriteAllText(_host.FullName + path, text);
    }
}
