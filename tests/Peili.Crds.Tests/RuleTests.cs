using System.Text.Json.Nodes;
using Peili.Crds.Generator;
using Peili.Crds.Schema;
using Peili.Crds.Tests.Support;

namespace Peili.Crds.Tests;

/// <summary>The rules as the operator has them.</summary>
public sealed class RuleTests
{
    public static TheoryData<string> Messages { get; } = [.. RuleCases.All.Select(rule => rule.Message)];

    [Theory]
    [MemberData(nameof(Messages))]
    public void The_operator_accepts_and_refuses_as_the_server_does(string message)
    {
        var rule = RuleCases.All.Single(rule => rule.Message == message);

        foreach (var accepted in rule.Accepted)
        {
            RegistryMirrorValidation.Validate(RuleCase.Parse(accepted).ToRecord()).ShouldBeEmpty(accepted);
        }

        foreach (var refused in rule.Refused)
        {
            RegistryMirrorValidation.Validate(RuleCase.Parse(refused).ToRecord()).Select(error => error.Message).ShouldContain(message, refused);
        }
    }

    [Theory]
    [InlineData("""{"agent":{"resources":{"limits":{"memory":"256Mi","cpu":"1.5"},"requests":{"cpu":1,"memory":"64M"}}}}""", null)]
    [InlineData("""{"agent":{"resources":{"limits":{"memory":"256MB"}}}}""", Patterns.QuantityMessage)]
    [InlineData("""{"agent":{"env":[{"name":"A","valueFrom":{"resourceFieldRef":{"resource":"limits.cpu","divisor":"1x"}}}]}}""", Patterns.QuantityMessage)]
    [InlineData("""{"updateStrategy":{"maxUnavailable":"100%"}}""", null)]
    [InlineData("""{"updateStrategy":{"maxUnavailable":3}}""", null)]
    [InlineData("""{"updateStrategy":{"maxUnavailable":0}}""", Patterns.IntOrPercentMessage)]
    [InlineData("""{"updateStrategy":{"maxUnavailable":"101%"}}""", Patterns.IntOrPercentMessage)]
    public void What_may_be_a_number_is_looked_at_as_well(string spec, string? message) =>
        RegistryMirrorValidation.Validate(RegistryMirrorJson.WithSpec(spec).ToRecord()).Select(error => error.Message).ShouldBe(message is null ? [] : [message]);

    [Fact]
    public void An_error_names_the_field() => RegistryMirrorValidation
        .Validate(RegistryMirrorJson.WithSpec("""{"filters":["a","("],"additionalMirrors":[{"url":"x"}]}""").ToRecord())
        .Select(error => error.Field)
        .ShouldBe(["spec.filters[1]", "spec.additionalMirrors[0].url"]);

    [Fact]
    public void Every_rule_of_the_schema_is_among_the_cases()
    {
        var rules = SchemaWalk.Of(Manifests.Of(CrdKinds.RegistryMirror, legacy: false).Schema)
            .SelectMany(place => place.Schema["x-kubernetes-validations"] as JsonArray ?? [])
            .Select(rule => rule!["message"]!.GetValue<string>())
            .Distinct();

        rules.ShouldBe(RuleCases.All.Select(rule => rule.Message), ignoreOrder: true);
    }

    [Fact]
    public void Every_message_says_what_must_be() => RuleCases.All.ShouldAllBe(rule => rule.Message.StartsWith("must ", StringComparison.Ordinal));
}
