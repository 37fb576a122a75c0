using System.Text.RegularExpressions;
using Peili.Docs.Tests.Support;
using Peili.LocalCluster;

namespace Peili.Docs.Tests;

/// <summary>The layout in CONTRIBUTING.md is that of the checkout.</summary>
public sealed partial class LayoutTests
{
    private const int MostMilliseconds = 60_000;

    [Fact]
    public void Every_folder_that_it_names_is_there() =>
        Folders().Where(folder => !Directory.Exists(Checkout.PathOf(folder.Split('/')))).ShouldBeEmpty();

    [Theory]
    [InlineData("node-agent")]
    [InlineData("node-agent/Peili.NodeAgent")]
    [InlineData("operator/Peili.Operator")]
    [InlineData("libraries")]
    public void Every_folder_of_these_is_named(string folder) => Directory.EnumerateDirectories(Checkout.PathOf(folder.Split('/')))
        .Select(path => Path.GetRelativePath(Checkout.PathOf(), path))
        .Where(path => !Folders().Contains(path))
        .ShouldBeEmpty();

    // Some lines name several, and what is indented is below the last that is not.
    private static HashSet<string> Folders()
    {
        var folders = new HashSet<string>(StringComparer.Ordinal);
        var above = "";
        foreach (var line in Page.Of("CONTRIBUTING.md").Blocks[0].Text.Split('\n'))
        {
            var names = Names().Match(line).Groups["name"].Captures.Select(name => name.Value.TrimEnd('/'));
            foreach (var name in names)
            {
                var path = line.StartsWith(' ') ? $"{above}/{name}" : above = name;
                folders.Add(path);
            }
        }

        return folders;
    }

    [GeneratedRegex(@"^ *(?:(?<name>[A-Za-z][\w./-]*/)\s+)+", RegexOptions.None, MostMilliseconds)]
    private static partial Regex Names();
}
