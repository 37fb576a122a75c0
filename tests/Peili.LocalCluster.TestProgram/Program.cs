using System.Globalization;
using Peili.LocalCluster.TestProgram;

// What tests of the cluster library run as a process of its own.
return args switch
{
    ["serve", ..] => await StandInAgent.RunAsync(args),
    ["own-cluster", var agent] => await ClusterOwner.RunAsync(agent),
    ["own-kubernetes", var nodes] => await KubernetesOwner.RunAsync(int.Parse(nodes, CultureInfo.InvariantCulture)),
    ["own-systemd-host"] => await SystemdHostOwner.RunAsync(),
    _ => throw new ArgumentException($"unknown: {string.Join(' ', args)}", nameof(args)),
};
