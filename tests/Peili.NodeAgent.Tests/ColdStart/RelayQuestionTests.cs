using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Peili.NodeAgent.ColdStart;

namespace Peili.NodeAgent.Tests.ColdStart;

/// <summary>What a child says of itself (overlay.md, "Cold start"): each test names the rule without which it fails.</summary>
public sealed class RelayQuestionTests
{
    /// <summary>Rule: what is written is read. Without it no child is ever let in.</summary>
    [Theory]
    [InlineData("node-1", 0u, 0, "node-1 0 0")]
    [InlineData("a.b.example.com", 17u, 250, "a.b.example.com 17 250")]
    [InlineData("n", uint.MaxValue, 60_000, "n 4294967295 60000")]
    public void A_question_is_written_and_read(string child, uint ordinal, int milliseconds, string text)
    {
        var question = new RelayQuestion(child, ordinal, TimeSpan.FromMilliseconds(milliseconds));

        question.ToString().ShouldBe(text);
        Read(text).ShouldBe(question);
    }

    /// <summary>Rule: what is written can always be read. Without it a long or a spent wait shuts the child out.</summary>
    [Theory]
    [InlineData(-1, 0)]
    [InlineData(90_000, 60_000)]
    [InlineData(12.4, 12)]
    [InlineData(double.MaxValue, 60_000)]
    public void A_wait_out_of_bounds_is_written_as_the_nearest_bound(double milliseconds, int written)
    {
        var wait = milliseconds == double.MaxValue ? TimeSpan.MaxValue : TimeSpan.FromMilliseconds(milliseconds);

        Read(new RelayQuestion("node", 3, wait).ToString()).ShouldBe(new RelayQuestion("node", 3, TimeSpan.FromMilliseconds(written)));
    }

    /// <summary>Rule: a name has at most 253 characters. Without it a peer chooses how much is remembered.</summary>
    [Fact]
    public void The_longest_name_is_one_of_253_characters()
    {
        Read($"{new string('x', 253)} 1 1").ShouldNotBeNull().Child.Length.ShouldBe(253);
        Read($"{new string('x', 254)} 1 1").ShouldBeNull();
    }

    /// <summary>Rule: whatever makes no sense is no question. Without it a peer's word holds this node's places for long.</summary>
    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("node")]
    [InlineData("node 1")]
    [InlineData("node 1 ")]
    [InlineData(" 1 1")]
    [InlineData("node  1 1")]
    [InlineData("node 1 1 1")]
    [InlineData("node 1 1 ")]
    [InlineData("node -1 1")]
    [InlineData("node 1 -1")]
    [InlineData("node +1 1")]
    [InlineData("node 1 1.5")]
    [InlineData("node 1 1e3")]
    [InlineData("node 1 60001")]
    [InlineData("node 1 4294967295")]
    [InlineData("node 4294967296 1")]
    [InlineData("node 1 99999999999999999999")]
    [InlineData("node 0x1 1")]
    [InlineData("node one 1")]
    [InlineData("node 1,000 1")]
    [InlineData("node\t1\t1")]
    public void Anything_else_is_no_question(string text) => Read(text).ShouldBeNull();

    /// <summary>Rule: one header. Without it who stands between adds another child's name.</summary>
    [Fact]
    public void No_header_and_two_headers_are_no_question()
    {
        RelayQuestion.Read(new HeaderDictionary()).ShouldBeNull();
        RelayQuestion.Read(new HeaderDictionary { [RelayQuestion.Header] = new StringValues(["node 1 1", "node 1 1"]) }).ShouldBeNull();
        RelayQuestion.Read(new HeaderDictionary { [RelayQuestion.Header] = StringValues.Empty }).ShouldBeNull();
    }

    private static RelayQuestion? Read(string text) => RelayQuestion.Read(new HeaderDictionary { [RelayQuestion.Header] = text });
}
