using System.Text.Json;

namespace Peili.Kubernetes.Tests.Serialization;

/// <summary>Strings that are kept once.</summary>
public sealed class SharedStringTests
{
    [Fact]
    public void Names_and_values_that_are_the_same_are_one_object()
    {
        var one = Read("""{"kubernetes.io/os":"linux-once"}""");
        var other = Read("""{"kubernetes.io/os":"linux-once"}""");

        other.Values.Single().ShouldBeSameAs(one.Values.Single());
        other.Keys.Single().ShouldBeSameAs(one.Keys.Single());
    }

    [Fact]
    public void Whatever_the_string_it_comes_through()
    {
        string?[] texts = ["", "a", "\"quoted\" \\ \n", "ä", "\U0001FA9E", null, new string('x', 128), new string('x', 129), .. Enumerable.Range(0, 20_000).Select(number => $"node-{number}")];
        foreach (var text in texts)
        {
            var written = JsonSerializer.Serialize(new Dictionary<string, string?> { [text ?? "null"] = text }, SharedStringJson.Default.DictionaryStringString!);
            Read(written).ShouldHaveSingleItem().ShouldBe(new KeyValuePair<string, string?>(text ?? "null", text));
        }
    }

    [Fact]
    public void A_number_is_no_string() => Should.Throw<JsonException>(() => Read("""{"a":1}"""));

    private static Dictionary<string, string?> Read(string json) => JsonSerializer.Deserialize(json, SharedStringJson.Default.DictionaryStringString)!;
}
