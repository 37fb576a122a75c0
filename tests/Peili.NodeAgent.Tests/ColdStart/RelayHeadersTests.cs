using Microsoft.AspNetCore.Http;
using Peili.NodeAgent.ColdStart;

namespace Peili.NodeAgent.Tests.ColdStart;

/// <summary>What a parent says of itself: each test names the rule without which it fails.</summary>
public sealed class RelayHeadersTests
{
    /// <summary>Rule: what is written is read, in its order. Without it loops are not seen.</summary>
    [Theory]
    [InlineData]
    [InlineData("node-1")]
    [InlineData("origin", "node-2", "a.b.example.com")]
    public void Names_are_written_and_read_in_their_order(params string[] names)
    {
        var context = new DefaultHttpContext();
        RelayHeaders.WriteNames(context.Response, RelayHeaders.Path, names);

        Read(context.Response.Headers[RelayHeaders.Path].ToString()).ShouldBe(names);
    }

    /// <summary>Rule: at most 32 names. Without it a parent makes its child ask the whole cluster.</summary>
    [Fact]
    public void Of_more_than_32_names_the_first_32_are_read()
    {
        var names = Enumerable.Range(0, 1000).Select(node => $"node-{node}").ToArray();

        Read(string.Join(' ', names)).ShouldBe(names[..32]);
    }

    /// <summary>Rule: a path of the greatest depth is read whole. Without it a loop over its end is not seen.</summary>
    [Fact]
    public void The_longest_path_that_is_admitted_is_read_whole()
    {
        var path = Enumerable.Range(0, Overlay.ColdStart.Admission.MaximumDepth).Select(node => $"{new string('x', 250)}{node}").ToArray();

        Read(string.Join(' ', path)).ShouldBe(path);
    }

    /// <summary>Rule: no header is no names, and blanks are none.</summary>
    [Fact]
    public void Without_a_header_and_of_blanks_there_are_no_names()
    {
        using var response = new HttpResponseMessage();
        RelayHeaders.ReadNames(response, RelayHeaders.Instead).ShouldBeEmpty();
        Read("   ").ShouldBeEmpty();
        Read("  a   b ").ShouldBe(["a", "b"]);
    }

    /// <summary>Rule: the first header counts. Without it one that is added makes the bound void.</summary>
    [Fact]
    public void Of_two_headers_the_first_is_read()
    {
        using var response = new HttpResponseMessage();
        response.Headers.TryAddWithoutValidation(RelayHeaders.Instead, ["a b", "c"]).ShouldBeTrue();
        RelayHeaders.ReadNames(response, RelayHeaders.Instead).ShouldBe(["a", "b"]);
    }

    private static string[] Read(string text)
    {
        using var response = new HttpResponseMessage();
        response.Headers.TryAddWithoutValidation(RelayHeaders.Path, text).ShouldBeTrue();
        return RelayHeaders.ReadNames(response, RelayHeaders.Path);
    }
}
