using Microsoft.AspNetCore.Http;
using Peili.Hosting;

namespace Peili.NodeAgent.Tests.Metrics;

public sealed class BearerTokensTests
{
    private const string Token = "0123456789abcdef";

    [Theory]
    [InlineData("Bearer 0123456789abcdef", true)]
    [InlineData("bearer 0123456789abcdef", true)]
    [InlineData("Bearer  0123456789abcdef ", true)]
    [InlineData("Bearer fedcba9876543210", true)]
    [InlineData("Bearer 0123456789abcdeF", false)]
    [InlineData("Bearer 0123456789abcde", false)]
    [InlineData("Bearer ", false)]
    [InlineData("Bearer", false)]
    [InlineData("Basic 0123456789abcdef", false)]
    [InlineData("0123456789abcdef", false)]
    [InlineData("", false)]
    public void Only_a_token_behind_the_scheme_lets_in(string header, bool isAllowed)
    {
        var http = new DefaultHttpContext();
        http.Request.Headers.Authorization = header;

        BearerTokens.Parse($"{Token}\n\n  fedcba9876543210\r\n").Allow(http.Request).ShouldBe(isAllowed);
    }

    [Fact]
    public void A_file_without_a_usable_token_is_refused_without_repeating_it()
    {
        foreach (var text in new[] { "", "\n \n", "short", $"{Token}\nshort", "with blanks in between", "ümlauts-are-no-token", string.Join('\n', Enumerable.Repeat(Token, 17)), new string('x', 4097) })
        {
            Should.Throw<FormatException>(() => BearerTokens.Parse(text)).Message.ShouldNotContain(text.Length > 0 && text != "\n \n" ? text : Token);
        }
    }
}
