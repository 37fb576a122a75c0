using System.Globalization;
using Peili.Kubernetes.Models;
using Peili.Operator.Installation;
using Peili.Operator.Resources;

namespace Peili.Operator.Tests.Rules;

public sealed class SeedsTests
{
    [Fact]
    public void Seeds_are_twenty_at_most_and_spread_over_the_zones()
    {
        var seeds = Seeds.Choose(Enumerable.Range(0, 300).Select(number => Candidate(number, number < 290 ? "large" : number < 295 ? "small" : "")), []);
        seeds.Count.ShouldBe(20);
        seeds.Count(seed => NumberOf(seed) is >= 290 and < 295).ShouldBe(5);
        seeds.Count(seed => NumberOf(seed) >= 295).ShouldBe(5);
        seeds.Count(seed => NumberOf(seed) < 290).ShouldBe(10);
    }

    [Fact]
    public void Those_that_are_still_good_stay_when_nodes_come_and_go()
    {
        var before = Seeds.Choose(Enumerable.Range(50, 50).Select(number => Candidate(number, "a")), []);
        var after = Seeds.Choose(Enumerable.Range(0, 60).Select(number => Candidate(number, "a")), before);
        var left = before.Where(seed => NumberOf(seed) < 60).ToArray();
        left.Length.ShouldBe(10);
        after.ShouldBeSubsetOf(Enumerable.Range(0, 60).Select(AddressOf));
        left.ShouldBeSubsetOf(after);
        Seeds.Choose(Enumerable.Range(0, 60).Select(number => Candidate(number, "a")), after).ShouldBe(after);
    }

    [Fact]
    public void Without_nodes_there_are_none() => Seeds.Choose([], ["10.0.0.1:29951"]).ShouldBeEmpty();

    private static (Node Node, string Address) Candidate(int number, string zone) => (
        new Node
        {
            Metadata = new ObjectMeta
            {
                Name = string.Create(CultureInfo.InvariantCulture, $"node-{number:000}"),
                Labels = new Dictionary<string, string> { ["topology.kubernetes.io/zone"] = zone },
            },
        },
        AddressOf(number));

    private static string AddressOf(int number) => string.Create(CultureInfo.InvariantCulture, $"10.0.{number / 250}.{number % 250}:29951");

    private static int NumberOf(string seed) => seed.Split('.', ':') is var parts ? (int.Parse(parts[2], CultureInfo.InvariantCulture) * 250) + int.Parse(parts[3], CultureInfo.InvariantCulture) : -1;
}
