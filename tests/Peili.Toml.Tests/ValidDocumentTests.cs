using System.Text.Json;
using Peili.Toml.Tests.Support;

namespace Peili.Toml.Tests;

public sealed class ValidDocumentTests
{
    public static TheoryData<string> Names => [.. ValidFiles.Names];

    [Fact]
    public void The_suite_is_all_there() => ValidFiles.Names.Count.ShouldBe(210);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_valid_document_says_what_its_JSON_says(string name)
    {
        using var json = JsonDocument.Parse(ValidFiles.Json(name));

        TomlDocument.Parse(ValidFiles.Toml(name)).Root.ShouldSayAs(json.RootElement);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_valid_document_keeps_every_byte(string name)
    {
        var file = ValidFiles.Toml(name);

        TomlDocument.Parse(file).ToUtf8().ShouldBe(file);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_valid_document_written_anew_says_the_same(string name)
    {
        using var json = JsonDocument.Parse(ValidFiles.Json(name));

        TomlDocument.Parse(TomlWriter.Write(TomlDocument.Parse(ValidFiles.Toml(name)).Root)).Root.ShouldSayAs(json.RootElement);
    }
}
