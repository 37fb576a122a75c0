using Microsoft.Playwright;
using Peili.Page.Tests.Support;

namespace Peili.Page.Tests;

/// <summary>How the page looks, in both themes, on a desk and on a telephone; the pictures are for people.</summary>
public sealed class AppearanceTests(Scenes scenes, Browser browser)
{
    [Theory]
    [InlineData(3, ColorScheme.Light, 1280)]
    [InlineData(3, ColorScheme.Dark, 1280)]
    [InlineData(3, ColorScheme.Light, 390)]
    [InlineData(3, ColorScheme.Dark, 390)]
    [InlineData(500, ColorScheme.Light, 1280)]
    [InlineData(500, ColorScheme.Dark, 1280)]
    [InlineData(500, ColorScheme.Light, 390)]
    [InlineData(500, ColorScheme.Dark, 390)]
    public async Task It_fits_the_window_loads_nothing_from_elsewhere_and_can_be_read(int nodes, ColorScheme theme, int width)
    {
        await using var visit = await browser.OpenAsync((await scenes.OfAsync(nodes)).Page, theme, width);
        await Assertions.Expect(visit["#members-map button"]).ToHaveCountAsync(nodes);
        await visit.SeesAsync("#transfers-summary", "3 transfers going on");

        await visit.PictureAsync($"agent-{nodes}-{theme.ToString().ToLowerInvariant()}-{width}");

        (await visit.OverflowAsync()).ShouldBe(0);
        (await Legibility.TooLowAsync(visit.Page)).ShouldBeEmpty();
        visit.Faults.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task A_node_that_has_nothing_and_nobody_says_so(ColorScheme theme, int width)
    {
        await using var visit = await browser.OpenAsync((await scenes.AloneAsync()).Page, theme, width);

        await visit.SeesAsync("#verdict", "Not ready");
        await visit.SeesAsync("#verdict", "containerd is not reachable");
        await visit.SeesAsync("#members-empty", "edge-7 knows no other node");
        await visit.SeesAsync("#transfers-empty", "Nothing is being transferred");
        await visit.SeesAsync("#images-empty", "holds no image here yet");
        await visit.PictureAsync($"agent-alone-{theme.ToString().ToLowerInvariant()}-{width}");
        (await visit.OverflowAsync()).ShouldBe(0);
        (await Legibility.TooLowAsync(visit.Page)).ShouldBeEmpty();
        visit.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_theme_is_the_systems_until_another_is_chosen_and_that_is_remembered()
    {
        await using var visit = await browser.OpenAsync((await scenes.AloneAsync()).Page, ColorScheme.Dark);
        (await SchemeAsync(visit)).ShouldBe("light dark");

        await visit.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Switch to the light theme" }).ClickAsync();
        (await SchemeAsync(visit)).ShouldBe("light");
        await visit.GoAsync();

        (await SchemeAsync(visit)).ShouldBe("light");
        visit.Faults.ShouldBeEmpty();
    }

    private static Task<string> SchemeAsync(Visit visit) => visit.Page.EvaluateAsync<string>("getComputedStyle(document.documentElement).colorScheme");
}
