using Peili.Toml.Tests.Support;

namespace Peili.Toml.Tests;

public sealed class PropertyTests
{
    public static TheoryData<string> Names => [.. ValidFiles.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Edits_change_what_they_name_and_nothing_else(string name)
    {
        var random = new Random(Fuzzing.Seed);
        for (var round = 0; round < Fuzzing.Rounds / 100; round++)
        {
            var document = TomlDocument.Parse(ValidFiles.Toml(name));
            for (var edit = 0; edit < 3; edit++)
            {
                new RandomEdits(random).Apply(document);
            }
        }
    }

    [Fact]
    public void What_is_written_is_read_as_it_was()
    {
        var values = new RandomValues(new Random(Fuzzing.Seed));
        for (var round = 0; round < Fuzzing.Rounds; round++)
        {
            var table = values.Table(4);

            TomlDocument.Parse(TomlWriter.Write(table)).ShouldSay(Model.Of(table));
        }
    }

    [Fact]
    public void A_value_says_the_same_on_its_one_line()
    {
        var values = new RandomValues(new Random(Fuzzing.Seed));
        for (var round = 0; round < Fuzzing.Rounds; round++)
        {
            var table = values.Table(4);

            TomlDocument.Parse($"a = {table}").ShouldSay(Model.Of(new TomlTable(("a", table))));
        }
    }
}
