using Peili.Overlay.ColdStart;
using Peili.Overlay.Directory;

namespace Peili.Overlay.Core;

/// <summary>One question for a role on its way.</summary>
internal sealed class RoleOperation(GrantRequest request, Trackers trackers, long deadline, Action<Grant> done)
{
    public GrantRequest Request { get; } = request;

    /// <summary>In the order of asking.</summary>
    public Trackers Trackers { get; } = trackers;

    public long Deadline { get; } = deadline;

    public Action<Grant> Done { get; } = done;

    /// <summary>The tracker being asked, as a place in <see cref="Trackers"/>.</summary>
    public int Place { get; set; }

    /// <summary>How often that one was asked without an answer.</summary>
    public int Tries { get; set; }

    /// <summary>How long to wait before it is asked again.</summary>
    public long Step { get; set; } = ColdStartLimits.AskAgain.Ticks;

    /// <summary>When to go on, in ticks: timers before that are old ones.</summary>
    public long NextAt { get; set; }
}
