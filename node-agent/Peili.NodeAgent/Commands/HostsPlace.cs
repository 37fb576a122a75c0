using System.CommandLine;
using Peili.Containerd;
using Peili.Containerd.Hosts;
using Peili.Flavors;

namespace Peili.NodeAgent.Commands;

/// <summary>Where certs.d is on a host.</summary>
/// <param name="Folder">The folder, as the host names it.</param>
/// <param name="DropIn">k0s' drop-in that has to name it; null where containerd reads the folder already.</param>
internal sealed record HostsPlace(string Folder, K0sDropIn? DropIn)
{
    private const string K0s = "k0s";

    /// <summary>That of <c>--hosts-dir</c>, or of the flavor that was given or that the host's files show.</summary>
    /// <exception cref="UsageException">There is none; the message says what to give.</exception>
    /// <exception cref="InvalidDataException">The flavor's platform owns these files, or a file of it cannot be used.</exception>
    public static HostsPlace Find(ParseResult parsed, HostRoot root)
    {
        var folder = parsed.GetValue(CommonOptions.HostsDirectory);
        var isGiven = parsed.GetValue(NodeOptions.Flavor) is not null;
        if (folder is not null && !isGiven)
        {
            return new HostsPlace(folder, null);
        }

        var flavors = FlavorCatalog.Load();
        var (_, flavor) = NodeOptions.Bind(parsed, flavors);
        if (!isGiven)
        {
            if (flavor == flavors.Unknown)
            {
                throw new UsageException(
                    "--hosts-dir must be given, or --flavor: this host's files show no flavor. It is the folder that containerd's config_path names, such as /etc/containerd/certs.d");
            }

            Console.WriteLine($"flavor {flavor.Name}, by this host's files");
        }

        if (!flavor.RegistryAuth && flavor.StepFor(Finding.HostsDirectoryOwned) is { } owned)
        {
            var message = $"{flavor.Title} removes what others write into its hosts files. {owned.Text}\n{owned.SnippetFor(0)}".TrimEnd();
            if (folder is null)
            {
                throw new InvalidDataException($"{message}\nNothing was written; --hosts-dir writes all the same.");
            }

            Console.Error.WriteLine($"peili-agent: {message}");
        }

        if (folder is not null)
        {
            return new HostsPlace(folder, null);
        }

        if (flavor.Name != K0s)
        {
            return new HostsPlace(flavor.Paths.Hosts ?? throw new UsageException($"--hosts-dir must be given: {flavor.Title} has no certs.d ({flavor.Why})"), null);
        }

        var dropIn = new K0sDropIn(root, parsed.GetRequiredValue(CommonOptions.StatePath));
        return dropIn.FindHostsFolder() is { } named ? new HostsPlace(named, null) : new HostsPlace(K0sDropIn.HostsFolder, dropIn);
    }
}
