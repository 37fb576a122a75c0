using Peili.Terminal;
using Peili.Terminal.Watching;

namespace Peili.NodeAgent.Tests.Terminal;

/// <summary>What people read, in a pipe and on terminals of any width.</summary>
public sealed class TextReportTests
{
    private static readonly Cell[][] s_rows =
    [
        ["NAME", "ADDRESS", "STATE"],
        ["node-1", "10.0.0.1:29951", new Cell("alive", Tint.Green)],
        ["node-2.with.a.long.name.example", "10.0.0.2:29951", new Cell("dead", Tint.Red)],
    ];

    [Fact]
    public void In_a_pipe_nothing_is_cut_off_or_coloured()
    {
        var report = new TextReport(color: false, width: null);

        report.Table(s_rows);
        report.Facts([("verdict", new Cell("a b c", Tint.Red))]);

        report.ToString().ShouldBe(
            "NAME                             ADDRESS         STATE\n"
            + "node-1                           10.0.0.1:29951  alive\n"
            + "node-2.with.a.long.name.example  10.0.0.2:29951  dead\n"
            + "verdict  a b c\n");
    }

    [Theory]
    [InlineData(30)]
    [InlineData(40)]
    [InlineData(53)]
    [InlineData(54)]
    [InlineData(200)]
    public void No_line_of_a_table_is_longer_than_the_terminal(int width)
    {
        var report = new TextReport(color: false, width);

        report.Table(s_rows);

        var lines = report.ToString().TrimEnd('\n').Split('\n');
        lines.ShouldAllBe(line => line.Length <= width);
        lines[2].Contains('…').ShouldBe(width < 54);
    }

    [Fact]
    public void Colours_take_no_room()
    {
        var report = new TextReport(color: true, width: 80);

        report.Table([["A", "B"], [new Cell("red", Tint.Red), "next"]]);

        report.ToString().ShouldBe("A    B\n\e[31mred\e[0m  next\n");
    }

    [Fact]
    public void Prose_is_broken_between_words_and_a_long_word_stays_whole()
    {
        var report = new TextReport(color: false, width: 20);

        report.Paragraph("set it in /etc/containerd/conf.d/really-long.toml and then restart it", 2);
        report.Facts([("a", "one two three four five")]);
        report.Verbatim("snippet = \"longer than the terminal is wide\"\n", 2);

        report.ToString().ShouldBe(
            "  set it in\n  /etc/containerd/conf.d/really-long.toml\n  and then restart\n  it\n"
            + "a  one two three\n   four five\n"
            + "  snippet = \"longer than the terminal is wide\"\n");
    }

    [Fact]
    public void What_others_say_cannot_reach_the_terminal_as_commands()
    {
        var report = new TextReport(color: true, width: 80);

        report.Table([["NAME"], ["node\e[2J\r\u009b1m"]]);
        report.Line("a\eb");
        report.Paragraph("c\ad");

        report.ToString().ShouldNotContain('\e');
        report.ToString().ShouldNotContain('\r');
        report.ToString().ShouldContain("node\uFFFD[2J\uFFFD\uFFFD1m");
    }

    [Fact]
    public void A_page_that_is_longer_than_the_screen_says_so()
    {
        ScreenView.Place(["a", "b", "c"], 3).ShouldBe("\e[Ha\e[K\r\nb\e[K\r\nc\e[J");
        ScreenView.Place(["a", "b", "c", "d"], 3).ShouldBe("\e[Ha\e[K\r\nb\e[K\r\n… 2 more lines; a pipe has them all\e[J");
    }

    [Theory]
    [InlineData(0, "[------------------------------] 0 of 500  writing")]
    [InlineData(250, "[###############---------------] 250 of 500  writing")]
    [InlineData(500, "[##############################] 500 of 500  writing")]
    public void Progress_of_many_is_a_bar(int done, string line) => Progress.Text("writing", (done, 500), TimeSpan.Zero, 80).ShouldBe(line);

    [Fact]
    public void Progress_of_one_thing_is_the_time_it_took()
    {
        Progress.Text("restarting", null, TimeSpan.FromSeconds(4), 80).ShouldBe("restarting ... 4 s");
        Progress.Text("restarting", null, TimeSpan.FromSeconds(4), 10).ShouldBe("restartin");
    }
}
