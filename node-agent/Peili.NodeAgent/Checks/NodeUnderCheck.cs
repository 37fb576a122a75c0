using Peili.Containerd;
using Peili.Containerd.Configuration;
using Peili.Flavors;
using Peili.Grpc;

namespace Peili.NodeAgent.Checks;

/// <summary>What a check looks at.</summary>
internal sealed record NodeUnderCheck
{
    /// <summary>The host's files.</summary>
    public required HostRoot Host { get; init; }

    /// <summary>What kind of node it is.</summary>
    public required Flavor Flavor { get; init; }

    /// <summary>The release whose rules count; null when nobody knows.</summary>
    public required ReleaseNumber? Release { get; init; }

    /// <summary>What containerd answered; null when it did not.</summary>
    public DaemonAnswers? Daemon { get; init; }

    /// <summary>Why it did not answer; null when it did, or was not asked.</summary>
    public string? Unreachable { get; init; }

    /// <summary>The host's path of containerd's socket.</summary>
    public required string SocketPath { get; init; }

    /// <summary>The host's path of containerd's root configuration file.</summary>
    public required string ConfigFile { get; init; }

    /// <summary>The folder that hosts.toml files are written to.</summary>
    public required string HostsDirectory { get; init; }

    /// <summary>The agent's registry listener as containerd reaches it, such as <c>http://127.0.0.1:29950</c>.</summary>
    public required Uri Agent { get; init; }

    /// <summary>What to do about a finding, with this node's paths in it, which need not be the flavor's; null when the finding cannot occur here.</summary>
    public FlavorStep? StepFor(Finding finding)
    {
        var usual = Flavor.Paths;
        var here = usual with { Config = usual.Config is null ? null : ConfigFile, Hosts = usual.Hosts is null ? null : HostsDirectory };
        return (Flavor with { Paths = here }).StepFor(finding);
    }

    /// <summary>The same with what its containerd answers, or why it does not.</summary>
    public async Task<NodeUnderCheck> AskedAsync(CancellationToken cancellationToken)
    {
        if (Flavor.Verdict == FlavorVerdict.Unsupported)
        {
            return this;
        }

        var socket = Host.At(SocketPath);
        if (!Path.Exists(socket))
        {
            return this with { Unreachable = "there is no such socket; --containerd-socket says where it is" };
        }

        try
        {
            var daemon = await DaemonInquiry.AskAsync(socket, cancellationToken);
            return this with
            {
                Daemon = daemon,
                Release = ReleaseNumber.TryParse(daemon.Version, out var release) ? release : Release,
            };
        }
        catch (RpcException exception)
        {
            return this with { Unreachable = exception.Message };
        }
    }
}
