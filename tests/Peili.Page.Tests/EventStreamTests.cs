using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Peili.Containerd.Tests.Support;
using Peili.NodeAgent.Tests.Support;
using Peili.Pages;

namespace Peili.Page.Tests;

/// <summary>What an open page is told, and when, on a clock that the tests move.</summary>
public sealed class EventStreamTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly ApplicationLifetime _lifetime = new(NullLogger<ApplicationLifetime>.Instance);
    private readonly MemoryStream _body = new();
    private volatile int _reads;
    private volatile string _summary = "1";

    [Fact]
    public async Task Only_parts_that_changed_are_told_and_a_beat_when_nothing_does()
    {
        var stream = new EventStream(Read, _lifetime, _time);
        var telling = stream.HandleAsync(new DefaultHttpContext { Response = { Body = _body } });
        await ToldAsync("event: beat\ndata: 1767225600000\n\nevent: summary\ndata: 1\n\nevent: members\ndata: []\n\n");

        await PassAsync(seconds: 3);
        await ToldAsync("");
        _summary = "2";
        await PassAsync(seconds: 1);
        await ToldAsync("event: summary\ndata: 2\n\n");
        await PassAsync(seconds: 11);
        await ToldAsync("event: beat\ndata: 1767225615000\n\n");

        _lifetime.StopApplication();
        await telling.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }

    public void Dispose() => _body.Dispose();

    private PagePart[] Read()
    {
        Interlocked.Increment(ref _reads);
        return [new PagePart("summary", Encoding.UTF8.GetBytes(_summary)), new PagePart("members", "[]"u8.ToArray())];
    }

    private async Task PassAsync(int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            var before = _reads;
            _time.Advance(TimeSpan.FromSeconds(1));
            await Eventually.IsTrueAsync(() => _reads > before, "the parts are read");
        }
    }

    private async Task ToldAsync(string events)
    {
        var told = string.Empty;
        await Eventually.IsTrueAsync(() => (told = Encoding.UTF8.GetString(_body.ToArray())) == events, events, () => told);
        _body.SetLength(0);
    }
}
