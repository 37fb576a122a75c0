using System.Runtime.CompilerServices;

namespace Peili.Flavors.Tests;

public sealed class CompatibilityPageTests
{
    [Fact]
    public void The_page_is_what_the_flavor_files_say()
    {
        var path = PagePath();
        var expected = CompatibilityPage.Write(FlavorCatalog.Load());
        if (Environment.GetEnvironmentVariable("PEILI_UPDATE_DOCS") == "1")
        {
            File.WriteAllText(path, expected);
        }

        File.ReadAllText(path).ShouldBe(expected, "docs/compatibility.md is not current: make docs");
    }

    private static string PagePath([CallerFilePath] string source = "") =>
        Path.Combine(Path.GetDirectoryName(source)!, "../../docs/compatibility.md");
}
