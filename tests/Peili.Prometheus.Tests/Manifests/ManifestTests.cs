using System.Text.Json.Nodes;
using YamlDotNet.RepresentationModel;

namespace Peili.Prometheus.Tests.Manifests;

/// <summary>config/prometheus and config/grafana ask for metrics and labels that there are, and lead to sections that there are.</summary>
public sealed class ManifestTests
{
    private const string Runbook = "https://peili.dev/docs/operations.md#";

    [Fact]
    public void Every_alert_asks_for_what_there_is_and_has_its_section()
    {
        var sections = File.ReadLines(PathOf("docs", "operations.md")).Where(line => line.StartsWith("## ", StringComparison.Ordinal)).Select(line => line[3..]).ToArray();
        var alerts = Documents("config", "prometheus", "rules.yaml").Single()["spec"]!["groups"]!.AsArray().SelectMany(group => group!["rules"]!.AsArray()).ToArray();

        alerts.Select(alert => (string)alert!["alert"]!).ShouldBe(sections);
        foreach (var alert in alerts)
        {
            var name = (string)alert!["alert"]!;
            var metrics = PromQuery.Check((string)alert["expr"]!);
            ((string)alert["labels"]!["severity"]!).ShouldBeOneOf("critical", "warning", "info");
            ((string)alert["annotations"]!["runbook_url"]!).ShouldBe(Runbook + name.ToLowerInvariant());
            ((string)alert["for"]!).ShouldMatch("^[0-9]+[mhd]$");
            var summary = (string)alert["annotations"]!["summary"]!;
            foreach (var label in summary.Split("$labels.").Skip(1).Select(rest => rest[..rest.IndexOf(' ', StringComparison.Ordinal)]))
            {
                metrics.ShouldContain(metric => metric.Has(label), $"{name}: {label}");
            }
        }
    }

    [Theory]
    [InlineData("savings.json")]
    [InlineData("trouble.json")]
    public void Every_panel_asks_for_what_there_is_and_says_what_it_shows(string file)
    {
        var dashboard = JsonNode.Parse(File.ReadAllText(PathOf("config", "grafana", file)))!;
        var panels = dashboard["panels"]!.AsArray();

        panels.Select(panel => (int)panel!["id"]!).ShouldBeUnique();
        foreach (var panel in panels)
        {
            ((string)panel!["title"]!).ShouldNotBeEmpty();
            ((string)panel["description"]!).ShouldNotBeEmpty();
            ((string)panel["datasource"]!["uid"]!).ShouldBe("${datasource}");
            foreach (var target in panel["targets"]!.AsArray())
            {
                var metrics = PromQuery.Check((string)target!["expr"]!);
                foreach (var label in ((string)target["legendFormat"]!).Split("{{").Skip(1).Select(rest => rest[..rest.IndexOf('}', StringComparison.Ordinal)]))
                {
                    metrics.ShouldContain(metric => metric.Has(label), label);
                    ((string)target["expr"]!).ShouldContain(label);
                }
            }
        }

        foreach (var variable in dashboard["templating"]!["list"]!.AsArray().Where(variable => (string)variable!["type"]! == "query"))
        {
            PromQuery.Check((string)variable!["query"]!);
        }
    }

    [Fact]
    public void Every_query_of_the_page_asks_for_what_there_is()
    {
        var queries = File.ReadAllText(PathOf("docs", "metrics.md")).Split("```promql\n").Skip(1).Select(rest => rest[..rest.IndexOf("```", StringComparison.Ordinal)]).ToArray();

        queries.ShouldNotBeEmpty();
        foreach (var query in queries)
        {
            PromQuery.Check(string.Join('\n', query.Split('\n').Where(line => !line.StartsWith('#')))).ShouldNotBeEmpty();
        }
    }

    [Fact]
    public void No_two_panels_of_a_dashboard_lie_on_each_other()
    {
        foreach (var file in new[] { "savings.json", "trouble.json" })
        {
            var places = JsonNode.Parse(File.ReadAllText(PathOf("config", "grafana", file)))!["panels"]!.AsArray().Select(panel => panel!["gridPos"]!).ToArray();
            places.SelectMany(place => from x in Enumerable.Range((int)place["x"]!, (int)place["w"]!) from y in Enumerable.Range((int)place["y"]!, (int)place["h"]!) select (x, y)).ShouldBeUnique();
            places.ShouldAllBe(place => (int)place["x"]! + (int)place["w"]! <= 24);
        }
    }

    [Fact]
    public void The_service_monitors_select_the_services_and_their_ports_and_believe_the_installations_CA()
    {
        var monitors = Documents("config", "prometheus", "service_monitor.yaml").ToDictionary(monitor => (string)monitor["metadata"]!["name"]!);
        var agents = Documents("config", "manager", "metricsservice.yaml").Single();
        var operators = Documents("config", "manager", "service.yaml").Single();

        // The operator labels the agents' service as it makes it; its tests say so.
        monitors["peili-agent"]["spec"]!["selector"]!["matchLabels"]!["app.kubernetes.io/component"]!.GetValue<string>().ShouldBe("agent-metrics");
        foreach (var (label, value) in monitors["peili-operator"]["spec"]!["selector"]!["matchLabels"]!.AsObject())
        {
            operators["metadata"]!["labels"]![label]!.GetValue<string>().ShouldBe(value!.GetValue<string>());
        }

        ((string)agents["metadata"]!["name"]!).ShouldBe("peili-agent-metrics", "the alerts name this job");
        foreach (var (name, service) in new[] { ("peili-agent", agents), ("peili-operator", operators) })
        {
            var endpoint = monitors[name]["spec"]!["endpoints"]!.AsArray().ShouldHaveSingleItem()!;
            ((string)endpoint["port"]!).ShouldBe((string)service["spec"]!["ports"]!.AsArray().ShouldHaveSingleItem()!["name"]!);
            ((string)endpoint["scheme"]!).ShouldBe("https");
            ((string)endpoint["tlsConfig"]!["serverName"]!).ShouldBe(name);
            endpoint["tlsConfig"]!["insecureSkipVerify"].ShouldBeNull();
            ((string)endpoint["authorization"]!["credentials"]!["name"]!).ShouldBe("peili-metrics");
            ((string)endpoint["authorization"]!["credentials"]!["key"]!).ShouldBe("token");
        }
    }

    private static string PathOf(params string[] path) => Path.Combine([AppContext.BaseDirectory, .. path]);

    private static IEnumerable<JsonNode> Documents(params string[] path)
    {
        var stream = new YamlStream();
        using var reader = new StreamReader(PathOf(path));
        stream.Load(reader);
        return [.. stream.Documents.Select(document => ToJson(document.RootNode))];
    }

    private static JsonNode ToJson(YamlNode node) => node switch
    {
        YamlMappingNode mapping => new JsonObject(mapping.Children.Select(child => KeyValuePair.Create(((YamlScalarNode)child.Key).Value!, (JsonNode?)ToJson(child.Value)))),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(ToJson)]),
        _ => JsonValue.Create(((YamlScalarNode)node).Value)!,
    };
}
