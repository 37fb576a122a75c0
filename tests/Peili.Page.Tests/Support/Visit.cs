using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Peili.Page.Tests.Support;

/// <summary>A page that is open, and all that went wrong in it.</summary>
internal sealed class Visit : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly Uri _address;
    private readonly string[] _shows;
    private readonly ConcurrentQueue<string> _faults = new();

    public Visit(IBrowserContext context, IPage page, Uri address, string shows)
    {
        _context = context;
        _address = address;
        _shows = shows.Split("; ");
        Page = page;
        page.Console += (_, message) => Note(message.Type is "error" or "warning", $"console: {message.Text}");
        page.PageError += (_, error) => Note(true, $"error: {error}");
        page.Request += (_, request) => Note(!request.Url.StartsWith(address.AbsoluteUri, StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal), $"asked elsewhere: {request.Url}");
    }

    public IPage Page { get; }

    /// <summary>Console errors (violations of the content security policy are among them), exceptions, and requests to other origins.</summary>
    public IReadOnlyCollection<string> Faults => _faults;

    public ILocator this[string selector] => Page.Locator(selector);

    public Task SeesAsync(string selector, string text) => Assertions.Expect(this[selector]).ToContainTextAsync(text);

    /// <summary>Opens the page and waits until it is live and shows everything.</summary>
    public async Task GoAsync()
    {
        await Page.GotoAsync(_address.AbsoluteUri);
        await SeesAsync("#connection", "Live");
        foreach (var selector in _shows)
        {
            await Assertions.Expect(this[selector].First).ToBeVisibleAsync();
        }
    }

    /// <summary>How far the page's content reaches beyond the window, in pixels.</summary>
    public Task<int> OverflowAsync() => Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");

    /// <summary>Leaves a picture of the whole page in artifacts/screenshots.</summary>
    public async Task PictureAsync(string name)
    {
        var folder = AppContext.BaseDirectory;
        while (Path.GetFileName(folder.TrimEnd('/')) != "artifacts")
        {
            folder = Path.GetDirectoryName(folder.TrimEnd('/'))!;
        }

        await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, "screenshots", $"{name}.png"), FullPage = true });
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    private void Note(bool isFault, string what)
    {
        if (isFault)
        {
            _faults.Enqueue(what);
        }
    }
}
