using System.Text.Json;
using System.Text.Json.Nodes;
using Peili.Containerd.Tests.Support;
using Peili.Kubernetes.Configuration;
using Peili.Kubernetes.Discovery;
using Peili.Kubernetes.Models;
using Peili.Kubernetes.Rest;
using Peili.Kubernetes.Tests.Support;

namespace Peili.Kubernetes.Tests.Rest;

/// <summary>Objects on a real API server.</summary>
public sealed class ServerObjectTests(SharedControlPlane shared) : ServerTest(shared)
{
    [Fact]
    public async Task An_object_is_created_read_replaced_and_deleted()
    {
        var created = await CreateAsync("a", "1");
        created.Metadata.Uid.ShouldNotBeNull();
        created.Metadata.CreationTimestamp.ShouldNotBeNull();

        var replaced = await Client.ReplaceAsync(
            ConfigMap.ResourceKind, created with { Data = new Dictionary<string, string> { ["value"] = "2" } }, Cancellation);
        (await Client.GetAsync(ConfigMap.ResourceKind, Key("a"), Cancellation))!.Data!["value"].ShouldBe("2");
        replaced.Metadata.ResourceVersion.ShouldNotBe(created.Metadata.ResourceVersion);

        (await Client.DeleteAsync(ConfigMap.ResourceKind, Key("a"), Cancellation)).ShouldBeTrue();
        (await Client.DeleteAsync(ConfigMap.ResourceKind, Key("a"), Cancellation)).ShouldBeFalse();
        (await Client.GetAsync(ConfigMap.ResourceKind, Key("a"), Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task Fields_that_the_record_does_not_name_survive()
    {
        var immutable = new ConfigMap
        {
            Metadata = new ObjectMeta { Namespace = Namespace, Name = "a" },
            Unknown = new Dictionary<string, JsonElement>
            {
                ["binaryData"] = JsonElement.Parse("""{"x":"AAEC"}"""),
            },
        };
        var created = await Client.CreateAsync(ConfigMap.ResourceKind, immutable, Cancellation);

        await Client.ReplaceAsync(ConfigMap.ResourceKind, created with { Data = new Dictionary<string, string> { ["value"] = "2" } }, Cancellation);

        var read = (await Client.GetAsync(ConfigMap.ResourceKind, Key("a"), Cancellation))!;
        read.Unknown!["binaryData"].GetProperty("x").GetString().ShouldBe("AAEC");
        read.Metadata.Unknown!.ShouldContainKey("managedFields");
    }

    [Fact]
    public async Task What_exists_what_conflicts_and_what_is_wrong_are_told_apart()
    {
        var first = await CreateAsync("a", "1");
        await Client.ReplaceAsync(ConfigMap.ResourceKind, first with { Data = null }, Cancellation);

        (await RefusalAsync(() => CreateAsync("a", "1"))).IsAlreadyExists.ShouldBeTrue();
        (await RefusalAsync(() => Client.ReplaceAsync(ConfigMap.ResourceKind, first, Cancellation))).IsConflict.ShouldBeTrue();
        var wrong = await RefusalAsync(() => CreateAsync("not a name", "1"));
        ((int?)wrong.StatusCode, wrong.Status!.Reason).ShouldBe((422, "Invalid"));
        wrong.Message.ShouldContain("not a name");
    }

    [Fact]
    public async Task A_list_comes_in_pages()
    {
        for (var index = 0; index < 8; index++)
        {
            await CreateAsync($"item-{index}", "x");
        }

        var list = await Client.ListAsync(ConfigMap.ResourceKind, new ListOptions { Namespace = Namespace }, Cancellation);

        list.Items.Count(item => item.Metadata.Name!.StartsWith("item-", StringComparison.Ordinal)).ShouldBe(8);
        list.ResourceVersion.ShouldNotBeEmpty();
        (await Client.ListAsync(ConfigMap.ResourceKind, new ListOptions { Namespace = Namespace, FieldSelector = "metadata.name=item-5" }, Cancellation))
            .Items.ShouldHaveSingleItem().Metadata.Name.ShouldBe("item-5");
    }

    [Fact]
    public async Task Server_side_apply_creates_owns_and_takes_away()
    {
        await ApplyAsync("one", new() { ["mine"] = "1", ["gone"] = "1" });
        await ApplyAsync("two", new() { ["theirs"] = "2" });
        var changed = await ApplyAsync("one", new() { ["mine"] = "3" });

        changed.Data.ShouldBe(new Dictionary<string, string> { ["mine"] = "3", ["theirs"] = "2" }, ignoreOrder: true);
        (await RefusalAsync(() => ApplyAsync("two", new() { ["mine"] = "x" }, force: false))).IsConflict.ShouldBeTrue();
        (await ApplyAsync("two", new() { ["mine"] = "x" }, force: true)).Data!["mine"].ShouldBe("x");

        Task<ConfigMap> ApplyAsync(string manager, Dictionary<string, string> data, bool force = false) => Client.ApplyAsync(
            ConfigMap.ResourceKind, new ConfigMap { Metadata = new ObjectMeta { Namespace = Namespace, Name = "a" }, Data = data }, manager, Cancellation, force);
    }

    [Fact]
    public async Task A_deletion_of_another_object_than_was_meant_is_a_conflict()
    {
        await CreateAsync("a", "1");
        var other = new DeleteOptions { Preconditions = new Preconditions { Uid = Guid.NewGuid().ToString() } };

        (await RefusalAsync(() => Client.DeleteAsync(ConfigMap.ResourceKind, Key("a"), Cancellation, other))).IsConflict.ShouldBeTrue();
        (await Client.GetAsync(ConfigMap.ResourceKind, Key("a"), Cancellation)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_finalizer_holds_an_object_until_it_is_taken_off_wherever_it_stands()
    {
        var held = (await Client.AddFinalizerAsync(ConfigMap.ResourceKind, await CreateAsync("a", "1"), "test.dev/other", Cancellation))!;
        held = (await Client.AddFinalizerAsync(ConfigMap.ResourceKind, held, "test.dev/mine", Cancellation))!;
        await Client.DeleteAsync(ConfigMap.ResourceKind, Key("a"), Cancellation);

        var deleting = (await Client.GetAsync(ConfigMap.ResourceKind, Key("a"), Cancellation))!;
        deleting.Metadata.DeletionTimestamp.ShouldNotBeNull();
        (await RefusalAsync(() => Client.RemoveFinalizerAsync(ConfigMap.ResourceKind, held, "test.dev/mine", Cancellation))).IsConflict.ShouldBeTrue();
        deleting = (await Client.RemoveFinalizerAsync(ConfigMap.ResourceKind, deleting, "test.dev/mine", Cancellation))!;
        deleting.Metadata.Finalizers.ShouldBe(["test.dev/other"]);
        await Client.RemoveFinalizerAsync(ConfigMap.ResourceKind, deleting, "test.dev/other", Cancellation);
        (await Client.GetAsync(ConfigMap.ResourceKind, Key("a"), Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task A_patch_changes_what_it_names()
    {
        await CreateAsync("a", "1");
        var merged = await Client.PatchAsync(
            ConfigMap.ResourceKind, Key("a"), Patch.Merge(new JsonObject { ["data"] = new JsonObject { ["other"] = "2" } }), Cancellation);
        merged!.Data!.Count.ShouldBe(2);
        var operations = new JsonArray(new JsonObject { ["op"] = "remove", ["path"] = "/data/value" });

        (await Client.PatchAsync(ConfigMap.ResourceKind, Key("a"), Patch.Json(operations), Cancellation))!.Data!.Keys.ShouldBe(["other"]);
        (await Client.PatchAsync(ConfigMap.ResourceKind, Key("b"), Patch.Merge([]), Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task The_status_of_a_custom_resource_is_a_thing_of_its_own()
    {
        var group = $"test-{Guid.NewGuid():N}.peili.dev";
        var definitions = ResourceKinds.Any("apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", isNamespaced: false);
        await Client.ApplyAsync(definitions, Definition(group), "test", Cancellation);
        await Eventually.IsTrueAsync(
            async () => (await Client.GetResourcesAsync($"{group}/v1", Cancellation)).Any(resource => resource.Name == "things"), "the resource is served");
        var things = ResourceKinds.Any(group, "v1", "things", "Thing", isNamespaced: false);
        KubernetesObject Thing(string field, string content) => new()
        {
            Metadata = new ObjectMeta { Name = "a" },
            Unknown = new Dictionary<string, JsonElement> { [field] = JsonElement.Parse(content) },
        };
        await Client.ApplyAsync(things, Thing("spec", """{"size":3}"""), "test", Cancellation);

        await Client.ApplyAsync(things, Thing("status", """{"phase":"done"}"""), "test-status", Cancellation, subresource: "status");
        await Client.ApplyAsync(things, Thing("spec", """{"size":4}"""), "test", Cancellation);

        var read = (await Client.GetAsync(things, new NamespacedName(null, "a"), Cancellation))!;
        read.Unknown!["spec"].GetProperty("size").GetInt32().ShouldBe(4);
        read.Unknown["status"].GetProperty("phase").GetString().ShouldBe("done");
        read.Metadata.Generation.ShouldBe(2);
    }

    [Fact]
    public async Task Discovery_tells_what_the_server_has()
    {
        (await Client.GetVersionAsync(Cancellation)).GitVersion.ShouldStartWith("v");
        var version = new VersionInfo { Major = "1", Minor = "20+", GitVersion = "v1.20.2-x" };
        version.IsAtLeast(1, 20).ShouldBeTrue();
        version.IsAtLeast(1, 21).ShouldBeFalse();
        version.IsAtLeast(2, 0).ShouldBeFalse();
        (await Client.GetApiVersionsAsync(Cancellation)).ShouldContain("coordination.k8s.io/v1");
        (await Client.GetApiVersionsAsync(Cancellation)).ShouldContain("v1");
        (await Client.GetResourcesAsync("apps/v1", Cancellation)).Single(resource => resource.Name == "daemonsets").Verbs.ShouldContain("watch");
        (await Client.GetResourcesAsync("no.such.group/v1", Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_token_is_as_good_as_a_certificate_and_impersonation_changes_who_one_is()
    {
        using var token = TokenClient(null, ControlPlane.Token);
        (await token.ListAsync(ConfigMap.ResourceKind, new ListOptions { Namespace = Namespace }, Cancellation)).ShouldNotBeNull();
        using var nobody = TokenClient(new Impersonation { User = "nobody", Groups = ["none"] }, ControlPlane.Token);
        var refusal = await RefusalAsync(() => nobody.ListAsync(ConfigMap.ResourceKind, new ListOptions { Namespace = Namespace }, Cancellation));
        ((int?)refusal.StatusCode).ShouldBe(403);
        refusal.Message.ShouldContain("nobody");
        using var wrong = TokenClient(null, "wrong");
        ((int?)(await RefusalAsync(() => wrong.GetAsync(ConfigMap.ResourceKind, Key("a"), Cancellation))).StatusCode).ShouldBe(401);
    }

    [Fact]
    public async Task A_server_of_another_authority_or_name_is_refused()
    {
        using var machine = TokenClient(null, ControlPlane.Token, cluster => cluster with { CertificateAuthority = null });
        (await RefusalAsync(() => machine.GetVersionAsync(Cancellation))).StatusCode.ShouldBeNull();
        using var renamed = TokenClient(null, ControlPlane.Token, cluster => cluster with { TlsServerName = "other.example" });
        (await RefusalAsync(() => renamed.GetVersionAsync(Cancellation))).Message.ShouldContain("no answer");
        using var named = TokenClient(null, ControlPlane.Token, cluster => cluster with { TlsServerName = "kubernetes.default.svc" });
        (await named.GetVersionAsync(Cancellation)).GitVersion.ShouldStartWith("v");
        using var careless = TokenClient(null, ControlPlane.Token, cluster => cluster with { CertificateAuthority = null, InsecureSkipTlsVerify = true });
        (await careless.GetVersionAsync(Cancellation)).GitVersion.ShouldStartWith("v");
    }

    [Theory]
    [InlineData("http://127.0.0.1", null)]
    [InlineData("http://jane:s%3Acret@127.0.0.1", "jane:s:cret")]
    [InlineData("socks5://127.0.0.1", null)]
    public async Task A_proxy_is_gone_through(string address, string? user)
    {
        await using var proxy = new ForwardProxy(user);
        using var client = TokenClient(null, ControlPlane.Token, cluster => cluster with { ProxyUrl = new Uri($"{address}:{proxy.Port}") });

        (await client.GetVersionAsync(Cancellation)).GitVersion.ShouldStartWith("v");

        proxy.Tunnels.ShouldBe(1);
        await using var stranger = new ForwardProxy("other:user");
        using var refused = TokenClient(null, ControlPlane.Token, cluster => cluster with { ProxyUrl = new Uri($"http://nobody:x@127.0.0.1:{stranger.Port}") });
        (await RefusalAsync(() => refused.GetVersionAsync(Cancellation))).StatusCode.ShouldBeNull();
        stranger.Tunnels.ShouldBe(0);
    }

    private static async Task<KubernetesException> RefusalAsync(Func<Task> call) => await Should.ThrowAsync<KubernetesException>(call);

    private static KubernetesObject Definition(string group) => JsonSerializer.Deserialize(
        """
        {"metadata": {"name": "things.GROUP"}, "spec": {"group": "GROUP", "scope": "Cluster", "names": {"plural": "things", "kind": "Thing"},
         "versions": [{"name": "v1", "served": true, "storage": true, "subresources": {"status": {}}, "schema": {"openAPIV3Schema": {
           "type": "object", "properties": {"spec": {"type": "object", "properties": {"size": {"type": "integer"}}},
           "status": {"type": "object", "properties": {"phase": {"type": "string"}}}}}}}]}}
        """.Replace("GROUP", group, StringComparison.Ordinal),
        ResourceKinds.Any("", "v1", "x", "X", false).TypeInfo)!;

    private KubernetesClient TokenClient(Impersonation? impersonation, string token, Func<Cluster, Cluster>? change = null)
    {
        var cluster = new Cluster { Server = ControlPlane.Server, CertificateAuthority = ControlPlane.CertificateAuthority };
        return new KubernetesClient(new KubernetesClientConfiguration
        {
            Cluster = change is null ? cluster : change(cluster),
            Credentials = new FixedCredentials(new Credential($"Bearer {token}", null)),
            Impersonation = impersonation,
        });
    }
}
