using Microsoft.Playwright;
using Peili.Page.Tests.Support;

[assembly: AssemblyFixture(typeof(Browser))]

namespace Peili.Page.Tests.Support;

/// <summary>
/// Debian's Chromium, one for all tests. It hangs on a pipe of Playwright's driver, and that on one of this process: when this ends, whichever way,
/// so do they.
/// </summary>
public sealed class Browser : IAsyncDisposable
{
    private const string Program = "/usr/bin/chromium";

    /// <summary>When to give up, in milliseconds.</summary>
    private const float Bound = 60_000;

    private readonly Lazy<Task<(IPlaywright Driver, IBrowser Browser)>> _started = new(StartAsync);

    /// <summary>Opens a page as a new visitor.</summary>
    /// <param name="page">Its address.</param>
    /// <param name="theme">What the visitor's system prefers.</param>
    /// <param name="width">Of the window, in pixels.</param>
    /// <param name="shows">What stands there once everything is.</param>
    internal async Task<Visit> OpenAsync(
        Uri page, ColorScheme theme = ColorScheme.Light, int width = 1280, string shows = "#checks-body .facts; :is(#images-list > li, #images-empty:not([hidden]))")
    {
        Assert.SkipUnless(File.Exists(Program), $"{Program} is not installed (scripts/install-packages installs it)");
        var (_, browser) = await _started.Value;
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = width < 600 ? 844 : 900 },
            ColorScheme = theme,
            Permissions = ["clipboard-read", "clipboard-write"],
        });
        context.SetDefaultTimeout(Bound);
        var visit = new Visit(context, await context.NewPageAsync(), page, shows);
        await visit.GoAsync();
        return visit;
    }

    public async ValueTask DisposeAsync()
    {
        if (_started is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            var (driver, browser) = await _started.Value;
            await browser.DisposeAsync();
            driver.Dispose();
        }
    }

    private static async Task<(IPlaywright Driver, IBrowser Browser)> StartAsync()
    {
        Assertions.SetDefaultExpectTimeout(Bound);
        var driver = await Playwright.CreateAsync();
        return (driver, await driver.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Program, Timeout = Bound }));
    }
}
