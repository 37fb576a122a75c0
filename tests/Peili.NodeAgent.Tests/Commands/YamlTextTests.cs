using System.Text;
using Peili.Terminal;
using YamlDotNet.RepresentationModel;

namespace Peili.NodeAgent.Tests.Commands;

public sealed class YamlTextTests
{
    [Fact]
    public void Every_kind_of_value_is_written() => Write("""{"a":1.5,"b":true,"c":null,"d":[],"e":{},"f":["x",{"y":"z"}]}""").ShouldBe(
        """
        a: 1.5
        b: true
        c: null
        d: []
        e: {}
        f:
        - "x"
        - y: "z"

        """);

    [Theory]
    [InlineData("true")]
    [InlineData("1.0")]
    [InlineData("null")]
    [InlineData("- a: \"b\" # c")]
    [InlineData("  two\n lines\n\n")]
    [InlineData("tab\there, bell \a, ü, 🎉")]
    [InlineData("")]
    public void A_string_is_read_back_as_it_was(string text)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(Write($$"""{"text":{{System.Text.Json.JsonSerializer.Serialize(text)}}}""")));

        var value = yaml.Documents[0].RootNode["text"].ShouldBeOfType<YamlScalarNode>();
        value.Value.ShouldBe(text);
        value.Style.ShouldNotBe(YamlDotNet.Core.ScalarStyle.Plain);
    }

    private static string Write(string json) => YamlText.FromJson(Encoding.UTF8.GetBytes(json));
}
