namespace Peili.Toml.Tests;

public sealed class ValueTests
{
    [Fact]
    public void Keys_and_values_know_where_they_stand()
    {
        var root = TomlDocument.Parse("# ü\n  \"ü\" .b  =  [ 1, 'x' ]\r\n\n[t.s] # c\nk = {z = '\U0001F600', y = 2}\n[[a]]\n[[a]]").Root;

        root.KeyPosition("ü").ShouldBe(new TomlPosition(2, 3));
        root["ü"].AsTable().KeyPosition("b").ShouldBe(new TomlPosition(2, 8));
        root.Find("ü", "b")!.Position.ShouldBe(new TomlPosition(2, 14));
        root.Find("ü", "b", 1)!.Position.ShouldBe(new TomlPosition(2, 19));
        root.KeyPosition("t").ShouldBe(new TomlPosition(4, 2));
        root["t"].AsTable().KeyPosition("s").ShouldBe(new TomlPosition(4, 4));
        root.Find("t", "s")!.Position.ShouldBe(new TomlPosition(4, 1));
        root.Find("t", "s", "k", "y")!.Position.ShouldBe(new TomlPosition(5, 19));
        root.Find("a", 1)!.Position.ShouldBe(new TomlPosition(7, 1));
        root.KeyPosition("none").ShouldBe(default);
    }

    [Fact]
    public void The_position_of_a_table_is_its_header_also_where_it_was_implied_before()
        => TomlDocument.Parse("[a.b]\n[a]").Root["a"].Position.ShouldBe(new TomlPosition(2, 1));

    [Fact]
    public void A_value_knows_its_file_also_in_another_table()
    {
        var one = TomlDocument.Parse("a = 1", "config.toml");
        TomlDocument.TryParse("\nb = 2"u8, out var other, out _, "conf.d/b.toml").ShouldBeTrue();
        one.Set(["c"], 3);

        var merged = new TomlTable([.. one.Root.Concat(other.Root).Select(pair => (pair.Key, pair.Value))]);

        merged.Select(pair => $"{pair.Value.File}:{pair.Value.Position.Line}")
            .ShouldBe(["config.toml:1", "config.toml:2", "conf.d/b.toml:2"]);
        merged.File.ShouldBeNull();
        merged.Position.ShouldBe(default);
    }

    [Fact]
    public void A_byte_order_mark_is_not_counted_as_a_column()
        => TomlDocument.Parse("\ufeffa = 1").Root["a"].Position.ShouldBe(new TomlPosition(1, 5));

    [Theory]
    [InlineData("'x'", TomlKind.String)]
    [InlineData("1", TomlKind.Integer)]
    [InlineData("1.0", TomlKind.Float)]
    [InlineData("true", TomlKind.Boolean)]
    [InlineData("1979-05-27T07:32:00Z", TomlKind.OffsetDateTime)]
    [InlineData("1979-05-27T07:32:00", TomlKind.LocalDateTime)]
    [InlineData("1979-05-27", TomlKind.LocalDate)]
    [InlineData("07:32:00", TomlKind.LocalTime)]
    [InlineData("[]", TomlKind.Array)]
    [InlineData("{}", TomlKind.Table)]
    public void A_value_has_its_kind_and_is_no_other(string text, TomlKind kind)
    {
        var value = TomlDocument.Parse($"\na = {text}").Root["a"];

        value.Kind.ShouldBe(kind);
        Check(TomlKind.String, value.AsString);
        Check(TomlKind.Integer, () => value.AsInteger());
        Check(TomlKind.Float, () => value.AsFloat());
        Check(TomlKind.Boolean, () => value.AsBoolean());
        Check(TomlKind.Array, value.AsArray);
        Check(TomlKind.Table, value.AsTable);

        void Check(TomlKind wanted, Func<object> read)
        {
            if (wanted == kind)
            {
                read().ShouldNotBeNull();
            }
            else
            {
                Should.Throw<TomlException>(read).Message.ShouldEndWith("(line 2, column 5)");
            }
        }
    }

    [Fact]
    public void A_value_of_another_type_is_named_with_its_place()
        => Should.Throw<TomlException>(() => TomlDocument.Parse("a = 1").Root["a"].AsString())
            .Message.ShouldBe("expected a string, found an integer (line 1, column 5)");

    [Fact]
    public void A_path_that_leads_nowhere_finds_nothing()
    {
        var document = TomlDocument.Parse("a = [1]\n[b]\nc = 1");

        document.Find("a", 1).ShouldBeNull();
        document.Find("a", "x").ShouldBeNull();
        document.Find("b", 0).ShouldBeNull();
        document.Find("b", "c", "d").ShouldBeNull();
        document.Find("x", "y").ShouldBeNull();
        document.Find().ShouldBeSameAs(document.Root);
    }

    [Fact]
    public void Tables_keep_the_order_of_the_document()
        => TomlDocument.Parse("[host.z]\n[host.a]\n[host.m]").Root["host"].AsTable().Keys.ShouldBe(["z", "a", "m"]);

    [Theory]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    [InlineData("0x7fff_ffff_ffff_ffff", long.MaxValue)]
    [InlineData("0o777777777777777777777", long.MaxValue)]
    [InlineData("0b111111111111111111111111111111111111111111111111111111111111111", long.MaxValue)]
    [InlineData("0x00", 0L)]
    [InlineData("+99", 99L)]
    [InlineData("-0", 0L)]
    public void Integers_reach_to_their_limits(string text, long expected)
        => TomlDocument.Parse($"a = {text}").Root["a"].AsInteger().ShouldBe(expected);

    [Theory]
    [InlineData("0000-02-29")]
    [InlineData("1990-12-31T23:59:60Z")]
    [InlineData("1990-12-31T15:59:60-08:00")]
    [InlineData("1990-12-31T23:59:60")]
    [InlineData("23:59:60")]
    [InlineData("1979-05-27T07:32:00+23:59")]
    [InlineData("0001-01-01T00:00:00+14:00")]
    [InlineData("00:00:00.000000001")]
    public void Dates_and_times_are_kept_as_they_are_written(string text)
    {
        var value = TomlDocument.Parse($"a = {text}").Root["a"].AsDateTime();

        value.ToString().ShouldBe(text);
        value.ShouldBe(TomlDateTime.Parse(text));
    }

    [Fact]
    public void Digits_beyond_a_nanosecond_are_cut_off()
        => TomlDocument.Parse("a = 00:00:00.1234567899999").Root["a"].AsDateTime().Nanosecond.ShouldBe(123456789);

    [Fact]
    public void A_date_that_is_none_is_refused()
        => Should.Throw<FormatException>(() => TomlDateTime.Parse("tomorrow")).Message.ShouldContain("tomorrow");

    [Theory]
    [InlineData("\"\"\"a\"\"\"\"\"", "a\"\"")]
    [InlineData("\"\"\"\"\"a\"\"\"", "\"\"a")]
    [InlineData("'''''a'''''", "''a''")]
    [InlineData("\"\"\"\r\na\r\n\"\"\"", "a\r\n")]
    [InlineData("\"\"\"a \\  \r\n\n\t b\\\n\"\"\"", "a b")]
    [InlineData("\"\\u00e9\\U0001F600\\b\\t\\n\\f\\r\\\"\\\\\"", "é\U0001F600\b\t\n\f\r\"\\")]
    [InlineData("'\u0080\ufeff\uffff'", "\u0080\ufeff\uffff")]
    public void Strings_of_all_four_kinds_are_read(string text, string expected)
        => TomlDocument.Parse($"a = {text}").Root["a"].AsString().ShouldBe(expected);
}
