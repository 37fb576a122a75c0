namespace Peili.Toml.Tests;

/// <summary>What the library is for: containerd's files, as the tools that write them lay them out.</summary>
public sealed class ContainerdTests
{
    private const string Version2 =
        """
        version = 2
        imports = ["/etc/containerd/config.d/*.toml"]

        [plugins]

          [plugins."io.containerd.gc.v1.scheduler"]
            deletion_threshold = 0

          # The runtime.
          [plugins."io.containerd.grpc.v1.cri"]
            sandbox_image = "registry.k8s.io/pause:3.6"

            [plugins."io.containerd.grpc.v1.cri".containerd]
              discard_unpacked_layers = true # saves space
              snapshotter = "overlayfs"

        [timeouts]
          "io.containerd.timeout.shim.load" = "5s"

        """;

    private const string Version3 =
        """
        version = 3

        [plugins]
          [plugins.'io.containerd.cri.v1.images']
            snapshotter = 'overlayfs'
            [plugins.'io.containerd.cri.v1.images'.pinned_images]
              sandbox = 'registry.k8s.io/pause:3.10'
          [plugins.'io.containerd.cri.v1.runtime']
            max_container_log_line_size = 16384

        """;

    private const string Hosts =
        """
        # kept by ops
        server = "https://registry-1.docker.io"

        # the proxy of the site
        [host."https://proxy.example:5000"]
          capabilities = ["pull", "resolve"]
          ca = "/etc/ssl/site.pem"
          client = [["/c.pem", "/k.pem"]]
          skip_verify = false
          [host."https://proxy.example:5000".header]
            x-site = "a"

        [host."https://mirror.example"]
          capabilities = ["pull"]

        """;

    [Fact]
    public void A_setting_is_found_with_its_line()
    {
        var discard = TomlDocument.Parse(Version2)
            .Find("plugins", "io.containerd.grpc.v1.cri", "containerd", "discard_unpacked_layers");

        discard!.AsBoolean().ShouldBeTrue();
        discard.Position.ShouldBe(new TomlPosition(14, 33));
    }

    [Fact]
    public void One_key_is_changed_and_its_comment_stays()
        => Edited(Version2, document => document.Set(
            ["plugins", "io.containerd.grpc.v1.cri", "containerd", "discard_unpacked_layers"],
            false)).ShouldBe(Version2.Replace("= true # saves", "= false # saves", StringComparison.Ordinal));

    [Fact]
    public void The_registry_table_is_added_behind_its_siblings_with_their_indentation()
        => Edited(Version2, document => document.Set(
            ["plugins", "io.containerd.grpc.v1.cri", "registry", "config_path"],
            "/etc/containerd/certs.d")).ShouldBe(Version2.Replace(
                "\n\n[timeouts]",
                """


                    [plugins."io.containerd.grpc.v1.cri".registry]
                      config_path = "/etc/containerd/certs.d"

                [timeouts]
                """,
                StringComparison.Ordinal));

    [Fact]
    public void The_registry_table_is_added_with_the_quotes_of_the_file()
        => Edited(Version3, document => document.Set(
            ["plugins", "io.containerd.cri.v1.images", "registry", "config_path"],
            "/etc/containerd/certs.d")).ShouldBe(Version3.Replace(
                "pause:3.10'\n",
                """
                pause:3.10'
                    [plugins.'io.containerd.cri.v1.images'.registry]
                      config_path = '/etc/containerd/certs.d'

                """,
                StringComparison.Ordinal));

    [Fact]
    public void A_first_plugin_is_added_to_a_file_without_any()
        => Edited("version = 2\n", document => document.Set(
            ["plugins", "io.containerd.grpc.v1.cri", "registry", "config_path"],
            "/etc/containerd/certs.d")).ShouldBe(
            """
            version = 2

            [plugins."io.containerd.grpc.v1.cri".registry]
            config_path = "/etc/containerd/certs.d"

            """);

    [Fact]
    public void A_host_goes_before_those_that_are_there()
    {
        var document = TomlDocument.Parse(Hosts);

        document.InsertBefore(["host", "https://proxy.example:5000"], "http://127.0.0.1:30020", new TomlTable(
            ("capabilities", new TomlArray("pull", "resolve")),
            ("dial_timeout", "200ms"),
            ("header", new TomlTable(("x-node", "n1")))));

        document.ToString().ShouldBe(Hosts.Replace(
            "# the proxy",
            """
            [host."http://127.0.0.1:30020"]
              capabilities = ["pull", "resolve"]
              dial_timeout = "200ms"

              [host."http://127.0.0.1:30020".header]
                x-node = "n1"

            # the proxy
            """,
            StringComparison.Ordinal));
        document.Root["host"].AsTable().Keys.ShouldBe(
            ["http://127.0.0.1:30020", "https://proxy.example:5000", "https://mirror.example"]);
        document.Remove("host", "http://127.0.0.1:30020");
        document.ToString().ShouldBe(Hosts);
    }

    [Fact]
    public void A_host_goes_with_its_headers_and_leaves_the_others()
        => Edited(Hosts, document => document.Remove("host", "https://proxy.example:5000")).ShouldBe(
            """
            # kept by ops
            server = "https://registry-1.docker.io"

            # the proxy of the site

            [host."https://mirror.example"]
              capabilities = ["pull"]

            """);

    [Fact]
    public void A_capability_a_header_and_the_server_are_edited_in_place()
        => Edited(Hosts, document =>
        {
            document.Set(["host", "https://mirror.example", "capabilities", 1], "resolve");
            document.Set(["host", "https://mirror.example", "header", "x-site"], "b");
            document.Set(["host", "https://proxy.example:5000", "client", 0, 1], "/new.pem");
            document.Remove("server");
        }).ShouldBe(Hosts
            .Replace("[\"pull\"]\n", "[\"pull\", \"resolve\"]\n\n  [host.\"https://mirror.example\".header]\n    x-site = \"b\"\n", StringComparison.Ordinal)
            .Replace("/k.pem", "/new.pem", StringComparison.Ordinal)
            .Replace("server = \"https://registry-1.docker.io\"\n", "", StringComparison.Ordinal));

    [Fact]
    public void A_new_file_is_written_from_top_to_bottom()
    {
        var writer = new TomlWriter();
        writer.Comment("Written by Peili.\n\nDo not edit.");
        writer.Value("server", "https://registry-1.docker.io");
        writer.Table("host", "http://127.0.0.1:30020");
        writer.Value("capabilities", new TomlArray("pull", "resolve"));
        writer.Value("skip_verify", false);
        writer.Table("host", "http://127.0.0.1:30020", "header");
        writer.Value("x-a b", "\"quoted\"");
        writer.Element("other");
        writer.Value("n", 1);

        writer.ToString().ShouldBe(
            """
            # Written by Peili.
            #
            # Do not edit.
            server = "https://registry-1.docker.io"

            [host."http://127.0.0.1:30020"]
            capabilities = ["pull", "resolve"]
            skip_verify = false

            [host."http://127.0.0.1:30020".header]
            "x-a b" = "\"quoted\""

            [[other]]
            n = 1

            """);
        TomlDocument.Parse(writer.ToString()).Root["host"].AsTable().Count.ShouldBe(1);
    }

    [Fact]
    public void A_comment_cannot_hide_a_line()
        => Should.Throw<ArgumentException>(() => new TomlWriter().Comment("a\rb = 1"));

    [Fact]
    public void A_header_wants_a_key() => Should.Throw<ArgumentException>(() => new TomlWriter().Table());

    private static string Edited(string toml, Action<TomlDocument> edit)
    {
        var document = TomlDocument.Parse(toml);
        edit(document);
        return document.ToString();
    }
}
