using System.CommandLine;
using Peili.NodeAgent.ColdStart;
using Peili.NodeAgent.Commands;

namespace Peili.NodeAgent.Tests.ColdStart;

/// <summary>The options of the cold start on the command line: each test names the rule without which it fails.</summary>
public sealed class RelayArgumentsTests
{
    /// <summary>Rule: without options the documented defaults hold.</summary>
    [Fact]
    public void Without_options_the_defaults_hold()
    {
        var options = Bind();

        options.ShouldBe(new RelayOptions());
        options.IsOn.ShouldBeTrue();
        options.Wait.ShouldBe(TimeSpan.FromSeconds(2));
        options.MinRate.ShouldBe(256 * 1024);
        options.UploadRate.ShouldBeNull();
        options.Uploads.ShouldBe(16);
    }

    /// <summary>Rule: each option is taken, and changes nothing else.</summary>
    [Fact]
    public void Each_option_is_taken()
    {
        Bind("--relay", "off").ShouldBe(new RelayOptions { IsOn = false });
        Bind("--relay", "on").ShouldBe(new RelayOptions());
        Bind("--relay", "OFF").IsOn.ShouldBeFalse();
        Bind("--relay-wait", "1500ms").ShouldBe(new RelayOptions { Wait = TimeSpan.FromMilliseconds(1500) });
        Bind("--relay-min-rate", "1Mi").ShouldBe(new RelayOptions { MinRate = 1024 * 1024 });
        Bind("--upload-rate", "100M").ShouldBe(new RelayOptions { UploadRate = 100_000_000 });
        Bind("--uploads", "7").ShouldBe(new RelayOptions { Uploads = 7 });
    }

    /// <summary>Rule: all at once, and each in its place.</summary>
    [Fact]
    public void All_options_are_taken_together() =>
        Bind("--uploads", "2", "--upload-rate", "1", "--relay-min-rate", "0", "--relay-wait", "0", "--relay=off")
            .ShouldBe(new RelayOptions { IsOn = false, Wait = TimeSpan.Zero, MinRate = 0, UploadRate = 1, Uploads = 2 });

    /// <summary>Rule: the bounds themselves are allowed.</summary>
    [Fact]
    public void The_bounds_are_taken()
    {
        Bind("--relay-wait", "1m").Wait.ShouldBe(TimeSpan.FromMinutes(1));
        Bind("--uploads", "1").Uploads.ShouldBe(1);
        Bind("--uploads", "1024").Uploads.ShouldBe(1024);
    }

    /// <summary>Rule: bad input gets an error that names the option and says what to do. Without it an agent starts with what nobody meant.</summary>
    [Theory]
    [InlineData("--relay", "maybe", "must be one of on, off, not \"maybe\"")]
    [InlineData("--relay-wait", "2", "must be a duration of at most 1m, such as 2s or 500ms, not \"2\"")]
    [InlineData("--relay-wait", "-2s", "must be a duration of at most 1m, such as 2s or 500ms, not \"-2s\"")]
    [InlineData("--relay-wait", "61s", "must be a duration of at most 1m, such as 2s or 500ms, not \"61s\"")]
    [InlineData("--relay-min-rate", "fast", "such as 256Ki, not \"fast\"")]
    [InlineData("--relay-min-rate", "-1", "such as 256Ki, not \"-1\"")]
    [InlineData("--upload-rate", "100MB", "such as 256Ki, not \"100MB\"")]
    [InlineData("--upload-rate", "0", "must be more than 0; leave it out for no bound")]
    [InlineData("--uploads", "0", "must be a number from 1 to 1024, not \"0\"")]
    [InlineData("--uploads", "1025", "must be a number from 1 to 1024, not \"1025\"")]
    [InlineData("--uploads", "-1", "must be a number from 1 to 1024, not \"-1\"")]
    [InlineData("--uploads", "many", "must be a number from 1 to 1024, not \"many\"")]
    public void Bad_values_are_refused_with_what_to_do(string option, string value, string message)
    {
        var error = Parse($"{option}={value}").Errors.ShouldHaveSingleItem().Message;

        error.ShouldStartWith(option);
        error.ShouldContain(message);
    }

    /// <summary>Rule: an option without its value is an error. Without it the word after it is taken, or the agent ends with a stack trace.</summary>
    [Theory]
    [InlineData("--relay")]
    [InlineData("--relay-wait")]
    [InlineData("--relay-min-rate")]
    [InlineData("--upload-rate")]
    [InlineData("--uploads")]
    public void An_option_without_its_value_is_refused(string option) =>
        Parse(option).Errors.ShouldHaveSingleItem().Message.ShouldContain(option);

    private static ParseResult Parse(params string[] arguments) => new RootCommand { ServeCommand.Create() }.Parse(["serve", "--insecure", .. arguments]);

    private static RelayOptions Bind(params string[] arguments)
    {
        var parsed = Parse(arguments);
        parsed.Errors.Select(error => error.Message).ShouldBeEmpty();
        return ServeOptions.Bind(parsed).Relay;
    }
}
