using System.Text.RegularExpressions;
using Peili.Docs.Tests.Support;
using Peili.LocalCluster;

namespace Peili.Docs.Tests;

/// <summary>What stands between backticks is there: options, fields and their values, files, metrics, conditions, reasons, findings.</summary>
public sealed partial class WordTests
{
    private const int MostMilliseconds = 60_000;

    // Of others: minikube, k3s, the demo, Helm.
    private static readonly string[] s_otherOptions = ["--container-runtime", "--disable-default-registry-endpoint", "--keep", "--api-versions", "--create-namespace", "--no-hooks", "--set"];
    private static readonly string[] s_otherFields = ["imagePullPolicy", "limits"];

    [Fact]
    public async Task Every_option_is_one_of_the_programs()
    {
        var known = new HashSet<string>(s_otherOptions, StringComparer.Ordinal);
        foreach (var program in Programs.Ours.Where(program => System.IO.File.Exists(Programs.Find(program))))
        {
            foreach (var command in await Programs.CommandsAsync(program))
            {
                known.UnionWith(await Programs.OptionsAsync(program, command));
            }
        }

        Faults(Option(), option => known.Contains(option["option"].Value)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_field_is_one_of_the_resources() => Faults(Field(), field => Resources.HasField(field["field"].Value)).ShouldBeEmpty();

    [Fact]
    public void Every_value_is_one_that_the_field_takes() => Faults(
        Value(),
        value => s_otherFields.Contains(value["field"].Value) || (Resources.HasField(value["field"].Value) && Resources.Takes(value["field"].Value, value["value"].Value))).ShouldBeEmpty();

    [Fact]
    public void Every_file_is_in_the_checkout() => Faults(
        File(), file => Path.Exists(Checkout.PathOf(file[0].Value)) || Sources.HaveFile(file[0].Value)).ShouldBeEmpty();

    [Fact]
    public void Every_name_is_one_that_the_code_has() => Faults(Name(), name => Sources.Say(name[0].Value)).ShouldBeEmpty();

    [Fact]
    public void Every_metric_is_among_those_of_the_page_of_metrics()
    {
        // The tests of agent and operator say that this page has exactly those which there are.
        var known = Page.Of("docs/metrics.md").Lines.Select(line => MetricRow().Match(line)).Where(row => row.Success).Select(row => row.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);

        known.Count.ShouldBeGreaterThan(40);
        Faults(Metric(), metric => known.Contains(metric[0].Value)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_table_of_nodes_has_the_columns_of_today()
    {
        var headings = Page.Current.SelectMany(page => page.Blocks).SelectMany(block => block.Text.Split('\n'))
            .Where(line => line.StartsWith("NAME ", StringComparison.Ordinal)).ToArray();

        headings.ShouldNotBeEmpty();
        headings.ShouldAllBe(heading => heading.Split(' ', StringSplitOptions.RemoveEmptyEntries).SequenceEqual(Resources.NodeColumns));
    }

    private static IEnumerable<string> Faults(Regex what, Func<GroupCollection, bool> isRight)
    {
        var found = Page.Current.SelectMany(page => page.Spans.SelectMany(span => what.Matches(span.Text).Select(match => (Place: $"{page.Path}:{span.Line}", match)))).ToArray();
        found.ShouldNotBeEmpty();
        return found.Where(one => !isRight(one.match.Groups)).Select(one => $"{one.Place}: {one.match.Value}");
    }

    [GeneratedRegex("^(?<option>--[a-z][a-z-]+)", RegexOptions.None, MostMilliseconds)]
    private static partial Regex Option();

    [GeneratedRegex(@"^(?!status\.(?:txt|json)$)(?<field>(?:spec|status)(?:\.\w+)+)", RegexOptions.None, MostMilliseconds)]
    private static partial Regex Field();

    [GeneratedRegex("""^(?<field>[a-z]\w*(?:\.\w+)*): "?(?<value>[A-Z]\w*)"?$""", RegexOptions.None, MostMilliseconds)]
    private static partial Regex Value();

    [GeneratedRegex(@"^(?:(?:config|crds|docs|libraries|node-agent|operator|scripts|tests)/[\w./-]+|[\w./]+\.cs)$", RegexOptions.None, MostMilliseconds)]
    private static partial Regex File();

    [GeneratedRegex("^[A-Z][a-z]+(?:[A-Z][a-z]+)+$", RegexOptions.None, MostMilliseconds)]
    private static partial Regex Name();

    [GeneratedRegex("peili_(?:agent|overlay|operator)_[a-z_]+", RegexOptions.None, MostMilliseconds)]
    private static partial Regex Metric();

    [GeneratedRegex(@"^\| `(?<name>peili_\w+)` \|", RegexOptions.None, MostMilliseconds)]
    private static partial Regex MetricRow();
}
