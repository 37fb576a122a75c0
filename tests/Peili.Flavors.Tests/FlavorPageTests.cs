using System.Runtime.CompilerServices;

namespace Peili.Flavors.Tests;

public sealed class FlavorPageTests
{
    public static TheoryData<string> Pages { get; } =
        [.. Directory.EnumerateFiles(Folder(), "*.md").Select(file => Path.GetFileName(file)!).Where(file => file != "README.md").Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void The_table_at_the_top_is_what_the_flavor_files_say(string name)
    {
        var path = Path.Combine(Folder(), name);
        var page = File.ReadAllText(path);
        FlavorPage.FlavorsOf(page).ShouldNotBeEmpty($"{name} does not say which flavors it is about");

        var expected = FlavorPage.Write(page, FlavorCatalog.Load());
        if (Environment.GetEnvironmentVariable("PEILI_UPDATE_DOCS") == "1")
        {
            File.WriteAllText(path, expected);
        }

        File.ReadAllText(path).ShouldBe(expected, $"docs/flavors/{name} is not current: make docs");
    }

    [Fact]
    public void Every_flavor_that_can_mirror_has_one_page() => Pages
        .SelectMany(page => FlavorPage.FlavorsOf(File.ReadAllText(Path.Combine(Folder(), page))))
        .ShouldBe(FlavorCatalog.Load().Flavors.Where(flavor => flavor.Verdict is FlavorVerdict.Compatible or FlavorVerdict.NeedsConfiguration).Select(flavor => flavor.Name), ignoreOrder: true);

    private static string Folder([CallerFilePath] string source = "") => Path.Combine(Path.GetDirectoryName(source)!, "../../docs/flavors");
}
