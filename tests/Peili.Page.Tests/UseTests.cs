using Microsoft.Playwright;
using Peili.Containerd;
using Peili.NodeAgent.Hosting;
using Peili.Page.Tests.Support;

namespace Peili.Page.Tests;

/// <summary>What a person does with the page.</summary>
public sealed class UseTests(Scenes scenes, Browser browser)
{
    [Fact]
    public async Task The_keyboard_alone_reaches_a_node_opens_it_and_comes_back()
    {
        await using var visit = await browser.OpenAsync((await scenes.ManyAsync()).Page);
        await visit.Page.Keyboard.PressAsync("Tab");
        (await FocusAsync(visit)).ShouldBe("Skip to the content");
        await visit.Page.Keyboard.PressAsync("Enter");

        // From the filter, the state, into the map: one stop for each of the three zones.
        await visit["#members-filter"].FocusAsync();
        await visit.Page.Keyboard.PressAsync("Tab");
        await visit.Page.Keyboard.PressAsync("Tab");
        (await FocusAsync(visit)).ShouldContain("ip-10-40-0-1.eu-north-1.compute.internal, this node");
        await visit.Page.Keyboard.PressAsync("ArrowRight");
        var node = await FocusAsync(visit);
        node.ShouldContain("ip-10-40-0-3.");
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.SeesAsync("#details[open] #details-title", "ip-10-40-0-3.");
        await visit.Page.Keyboard.PressAsync("Escape");

        await Assertions.Expect(visit["#details"]).ToBeHiddenAsync();
        (await FocusAsync(visit)).ShouldBe(node);
        await visit.Page.Keyboard.PressAsync("Tab");
        await visit.Page.Keyboard.PressAsync("Tab");
        await visit.Page.Keyboard.PressAsync("Tab");
        (await FocusAsync(visit)).ShouldNotContain("ip-10-40");
        visit.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Everything_that_can_be_used_has_a_name_and_every_section_a_heading()
    {
        await using var visit = await browser.OpenAsync((await scenes.ThreeAsync()).Page);

        (await visit.Page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll('button, a, input, select, summary, progress, [role=toolbar], [role=search], nav, table, dialog')]
              .filter((e) => !(e.getAttribute('aria-label') || document.getElementById(e.getAttribute('aria-labelledby') ?? '') || e.caption || e.labels?.length
                || (['A', 'BUTTON', 'SUMMARY'].includes(e.tagName) && e.textContent.trim())))
              .map((e) => e.outerHTML.slice(0, 100))
            """)).ShouldBeEmpty();
        (await visit.Page.EvaluateAsync<string[]>(
            "() => [...document.querySelectorAll('section:not(:has(h2, h3))')].map((e) => e.outerHTML.slice(0, 100))")).ShouldBeEmpty();
        (await visit["main, header, footer, nav"].CountAsync()).ShouldBe(4);
    }

    [Fact]
    public async Task Trouble_is_found_among_500_nodes_and_says_what_to_do()
    {
        await using var visit = await browser.OpenAsync((await scenes.ManyAsync()).Page);

        await visit["#members-state"].SelectOptionAsync("trouble");
        await Assertions.Expect(visit["#members-map button"]).ToHaveCountAsync(9);
        await visit["#members-filter"].FillAsync("0-77");
        await visit["#members-map button"].ClickAsync();

        await visit.SeesAsync("#details-body", "Open UDP on the peer port");
        await visit.PictureAsync("agent-500-node");
        visit.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_image_is_found_in_the_cluster_and_a_wrong_reference_explained()
    {
        await using var visit = await browser.OpenAsync((await scenes.ThreeAsync()).Page, width: 390);
        await visit["#locate-ref"].FillAsync("redis:7");
        await visit["#locate-ref"].PressAsync("Enter");
        await visit.SeesAsync("#locate-answer", "docker.io/library/redis:7");
        await visit.SeesAsync("#locate-answer tbody", "node-1");
        await visit.SeesAsync("#locate-answer tbody", "node-2.eu-north-1.compute.internal");
        await visit.PictureAsync("agent-3-found-390");
        (await visit.OverflowAsync()).ShouldBe(0);
        visit.Faults.ShouldBeEmpty();

        await visit["#locate-ref"].FillAsync("redis@sha256:1");
        await visit["#locate-ref"].PressAsync("Enter");

        await visit.SeesAsync("#locate-answer", "ref must be a digest");
    }

    [Fact]
    public async Task Images_are_filtered_by_name_and_by_a_layers_digest_and_their_digests_copied()
    {
        await using var visit = await browser.OpenAsync((await scenes.ThreeAsync()).Page);
        var images = visit["#images-list > li"];
        await Assertions.Expect(images).ToHaveCountAsync(2);

        await visit["#images-filter"].FillAsync("COLLECTOR");
        await Assertions.Expect(images).ToHaveCountAsync(1);
        await visit.SeesAsync("#images-summary", "1 of 2 images");
        await visit["#images-filter"].FillAsync(scenes.Redis.Layers[2].ToString());
        await visit.SeesAsync("#images-list", "docker.io/library/redis:7");
        await images.First.Locator("summary").ClickAsync();
        await visit.PictureAsync("agent-3-image");
        await images.First.GetByLabel("Copy the digest").First.ClickAsync();

        (await visit.Page.EvaluateAsync<string>("navigator.clipboard.readText()")).ShouldBe(scenes.Redis.Target.ToString());
        await visit["#images-filter"].FillAsync("nothing like that");
        await visit.SeesAsync("#images-empty", "No image of this node has that");
        visit.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Findings_come_with_file_and_line_and_with_what_to_paste()
    {
        await using var visit = await browser.OpenAsync((await scenes.ThreeAsync()).Page);

        await visit.SeesAsync("#checks-body", "LayersDiscarded");
        await visit.SeesAsync("#checks-body", "config.toml:4");
        await visit.SeesAsync("#checks-body", "What to do:");
        await visit["#checks-body"].GetByLabel("Copy the snippet").First.ClickAsync();

        (await visit.Page.EvaluateAsync<string>("navigator.clipboard.readText()")).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Names_from_the_network_are_text_and_secrets_are_not_shown()
    {
        await using var visit = await browser.OpenAsync((await scenes.ThreeAsync()).Page);

        await visit.SeesAsync("#members-map", Scenes.HostileName);
        await visit.SeesAsync("#images-list", Scenes.HostileImage);
        await visit.SeesAsync("#problems-rows", "https://***@registry.example");
        await visit.SeesAsync("#problems-rows tr:has-text('sent wrong bytes')", "12");

        (await visit.Page.ContentAsync()).ShouldNotContain(Scenes.Secret);
        (await visit["img"].CountAsync()).ShouldBe(0);
        (await visit.Page.TitleAsync()).ShouldBe("node-1 – Peili agent");
    }

    [Fact]
    public async Task What_happens_is_seen_at_once_and_an_agent_that_is_gone_too()
    {
        await using var node = await PageNode.StartAsync(options => options with { NodeName = "node-9" });
        await using var visit = await browser.OpenAsync(node.Page);
        await visit.Page.EvaluateAsync("window.sameDocument = true");

        var transfer = node.Begin(Listener.Registry, Digest.Of(new byte[32]), bytes: 250, total: 1000, "node-8");
        await visit.SeesAsync("#transfers-rows", "node-8 → this node’s containerd");
        await visit.SeesAsync("#transfers-rows", "250 B of 1000 B, 25 %");
        transfer.Dispose();
        await Assertions.Expect(visit["#transfers-empty"]).ToBeVisibleAsync();
        await Assertions.Expect(visit["#facts"]).Not.ToContainTextAsync("none yet");
        (await visit.Page.EvaluateAsync<bool>("window.sameDocument")).ShouldBeTrue();
        visit.Faults.ShouldBeEmpty();

        await node.StopAsync();

        await visit.SeesAsync("#connection", "Stale");
        await visit.SeesAsync("#stale", "What you see is from");
        await visit.PictureAsync("agent-stale");
    }

    private static Task<string> FocusAsync(Visit visit) =>
        visit.Page.EvaluateAsync<string>("document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent.trim()");
}
