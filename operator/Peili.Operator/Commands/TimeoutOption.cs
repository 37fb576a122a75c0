using System.CommandLine;
using Peili.Crds;

namespace Peili.Operator.Commands;

/// <summary>The option that says how long a command waits.</summary>
internal static class TimeoutOption
{
    /// <summary>Makes one.</summary>
    /// <param name="standard">The time where it is not said, for users to read.</param>
    public static Option<TimeSpan?> Create(string standard) => new("--timeout")
    {
        Description = $"How long to wait, as in 30s or 10m (default: {standard}); then it says what it waited for, with exit status 1.",
        HelpName = "DURATION",
        CustomParser = result =>
        {
            if (GoDuration.TryParse(result.Tokens[0].Value, out var duration) && duration > TimeSpan.Zero)
            {
                return duration;
            }

            result.AddError($"--timeout must be a duration above 0s, as in 30s or 10m, not \"{result.Tokens[0].Value}\"");
            return null;
        },
    };
}
