namespace Peili.Flavors.Tests;

/// <summary>What the pages say of a flavor, as its file has it.</summary>
internal static class FlavorFacts
{
    /// <summary>Name and value, without what a flavor does not have.</summary>
    public static IEnumerable<(string Name, string Value)> Of(Flavor flavor)
    {
        var paths = flavor.Paths;
        var places = new[]
        {
            ("socket", paths.Socket), ("configuration", paths.Config), ("drop-ins", paths.DropIns), ("certs.d", paths.Hosts),
            ("root", paths.Root), ("state", paths.State), ("restart", flavor.Restart),
        };
        return places.Where(place => place.Item2 is not null).Select(place => (place.Item1, $"`{place.Item2}`"))
            .Append(("registry authentication", flavor.RegistryAuth ? "header" : "none"))
            .Append(("pod security", flavor.PodSecurity))
            .Append(("`peili-agent remediate`", Remediation(flavor.Remediation)));
    }

    private static string Remediation(FlavorRemediation remediation) => remediation.Edits switch
    {
        RemediationKind.None => $"says what to do by hand. {remediation.Why}",
        RemediationKind.DropIn => $"writes {remediation.Path}",
        _ => $"edits the file of containerd's configuration that has the setting{(remediation.BootFile is { } file ? $", writes {file} for the next boot" : "")}, "
            + $"and restarts {string.Join(" or ", remediation.Units)}",
    };
}
