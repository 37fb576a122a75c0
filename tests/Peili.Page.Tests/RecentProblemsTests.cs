using Microsoft.Extensions.Logging;
using Peili.Hosting;

namespace Peili.Page.Tests;

/// <summary>What is kept of a log for the page.</summary>
public sealed class RecentProblemsTests : IDisposable
{
    private readonly RecentProblems _problems = new(TimeProvider.System);

    [Fact]
    public void The_last_fifty_are_kept_the_newest_first_and_repeats_are_counted()
    {
        for (var number = 0; number < RecentProblems.Most + 10; number++)
        {
            Log(LogLevel.Warning, $"message-{number}");
        }

        Log(LogLevel.Warning, "message-30");
        Log(LogLevel.Information, "all is well");

        var kept = _problems.Read();
        kept.Count.ShouldBe(RecentProblems.Most);
        kept[0].Message.ShouldBe("message-30");
        kept[0].Count.ShouldBe(2);
        kept[1].Message.ShouldBe("message-59");
        kept[^1].Message.ShouldBe("message-10");
    }

    [Fact]
    public void What_differs_in_a_number_alone_is_the_same_and_its_last_text_is_kept()
    {
        Log(LogLevel.Warning, "10.0.0.1:29951 does not answer; again in 2.5 s");
        Log(LogLevel.Warning, "10.0.0.2:29951 does not answer; again in 2.5 s");
        Log(LogLevel.Warning, "10.0.0.1:29951 does not answer; again in 4 s");

        _problems.Read().Select(problem => (problem.Message, problem.Count)).ShouldBe(
        [
            ("10.0.0.1:29951 does not answer; again in 4 s", 2),
            ("10.0.0.2:29951 does not answer; again in 2.5 s", 1),
        ]);
    }

    [Theory]
    [InlineData("GET https://me:pass@host/v2/ failed", "GET https://***@host/v2/ failed")]
    [InlineData("sent Authorization: Bearer abc.def to it", "sent Authorization: Bearer *** to it")]
    [InlineData("https://host/?token=abc&scope=x", "https://host/?token=***&scope=x")]
    [InlineData("""{"password": "abc", "a": 1}""", """{"password": ***, "a": 1}""")]
    [InlineData("sha256:0123 at 10.0.0.1:29951 was refused", "sha256:0123 at 10.0.0.1:29951 was refused")]
    public void Credentials_are_left_out(string logged, string kept)
    {
        Log(LogLevel.Error, logged);

        _problems.Read().Single().Message.ShouldBe(kept);
    }

    [Fact]
    public void An_exception_is_told_by_its_message_and_a_long_text_is_cut()
    {
        var full = new IOException("disk full");
        _problems.CreateLogger("Peili.A.Component").Log(LogLevel.Critical, default, "stopping", full, (text, _) => text);
        Log(LogLevel.Warning, new string('x', 5000));

        _problems.Read()[1].ShouldSatisfyAllConditions(
            problem => problem.Level.ShouldBe("critical"),
            problem => problem.Component.ShouldBe("Component"),
            problem => problem.Message.ShouldBe("stopping: IOException: disk full"));
        _problems.Read()[0].Message.Length.ShouldBe(1003);
    }

    public void Dispose() => _problems.Dispose();

    private void Log(LogLevel level, string text) => _problems.CreateLogger("Test").Log(level, default, text, null, (message, _) => message);
}
