using System.Net;
using System.Text.Json;
using Peili.NodeAgent.Tests.Support;

namespace Peili.NodeAgent.Tests.Contract;

/// <summary>What is not there, not allowed, or not well asked for is answered at once, by a status that sends containerd to its next host.</summary>
public sealed class RefusalTests(Nodes nodes)
{
    private const string Absent = "sha256:00000000000000000000000000000000000000000000000000000000000000ab";

    private static readonly string s_longName = new('a', 256);
    private static readonly string s_longTag = new('t', 129);

    /// <summary>Path (with names for what the nodes hold), status, OCI error code; an empty code where the server refuses by itself.</summary>
    private static readonly (string Path, int Status, string Code)[] s_cases =
    [
        ($"/v2/team/app/manifests/2?ns=registry.test", 404, "MANIFEST_UNKNOWN"),
        ($"/v2/team/other/manifests/1?ns=registry.test", 404, "MANIFEST_UNKNOWN"),
        ($"/v2/team/app/manifests/{Absent}?ns=registry.test", 404, "MANIFEST_UNKNOWN"),
        ($"/v2/team/app/manifests/{Absent}", 404, "MANIFEST_UNKNOWN"),
        ($"/v2/team/app/blobs/{Absent}?ns=registry.test", 404, "BLOB_UNKNOWN"),
        ("/v2/team/app/manifests/{layer}?ns=registry.test", 404, "MANIFEST_UNKNOWN"),
        ("/v2/team/app/manifests/{configuration}?ns=registry.test", 404, "MANIFEST_UNKNOWN"),
        ("/v2/team/app/manifests/1", 404, "MANIFEST_UNKNOWN"),
        ("/v2/team/app/manifests/1?ns=", 404, "MANIFEST_UNKNOWN"),
        ("/v2/foreign/app/manifests/1?ns=registry.test", 404, "MANIFEST_UNKNOWN"),
        ("/v2/foreign/app/blobs/{foreign layer}?ns=registry.test", 404, "BLOB_UNKNOWN"),
        ("/v2/team/app/manifests/1?ns=refused.test", 404, "NAME_UNKNOWN"),
        ("/v2/team/app/blobs/{refused layer}?ns=refused.test", 404, "NAME_UNKNOWN"),
        ("/v2/team/app/blobs/{refused layer}", 404, "BLOB_UNKNOWN"),
        ("/v2/team/app/blobs/{refused layer}?ns=registry.test", 404, "BLOB_UNKNOWN"),
        ("/v2/secret/app/manifests/1?ns=registry.test", 404, "NAME_UNKNOWN"),
        ("/v2/secret/app/manifests/{filtered}?ns=registry.test", 404, "NAME_UNKNOWN"),
        ("/v2/secret/app/manifests/{filtered}", 404, "MANIFEST_UNKNOWN"),
        ("/v2/team/app/manifests/{filtered}?ns=registry.test", 404, "MANIFEST_UNKNOWN"),
        ("/v2/team/app/blobs/{filtered layer}", 404, "BLOB_UNKNOWN"),
        ("/v2/team/app/blobs/{filtered layer}?ns=registry.test", 404, "BLOB_UNKNOWN"),
        ("/v2/Team/app/manifests/1?ns=registry.test", 400, "NAME_INVALID"),
        ("/v2/team%2Fapp/manifests/1?ns=registry.test", 400, "NAME_INVALID"),
        ("/v2/te%20am/manifests/1?ns=registry.test", 400, "NAME_INVALID"),
        ("/v2/te%00am/manifests/1?ns=registry.test", 400, ""),
        ($"/v2/{s_longName}/manifests/1?ns=registry.test", 400, "NAME_INVALID"),
        ($"/v2/team/app/manifests/{s_longTag}?ns=registry.test", 400, "MANIFEST_INVALID"),
        ("/v2/team/app/manifests/-1?ns=registry.test", 400, "MANIFEST_INVALID"),
        ("/v2/team/app/manifests/%0a?ns=registry.test", 400, "MANIFEST_INVALID"),
        ("/v2/team/app/manifests/sha256:12?ns=registry.test", 400, "DIGEST_INVALID"),
        ("/v2/team/app/blobs/1?ns=registry.test", 400, "DIGEST_INVALID"),
        ("/v2/team/app/blobs/md5:12?ns=registry.test", 400, "DIGEST_INVALID"),
        ("/v2/team/app/manifests/1?ns=registry.test/team", 400, "NAME_INVALID"),
        ("/v2/team/app/manifests/1?ns=https://registry.test", 400, "NAME_INVALID"),
        ("/v2/team/app/manifests/1?ns=registry.test&ns=registry.test", 400, "NAME_INVALID"),
        ("/v2/team/app/manifests/1?ns=[::1", 400, "NAME_INVALID"),
        ("/v2/team/app/blobs/{layer}?ns=a%0ab", 400, "NAME_INVALID"),
        ("/", 404, "UNSUPPORTED"),
        ("/v1/", 404, "UNSUPPORTED"),
        ("/v2/_catalog", 404, "UNSUPPORTED"),
        ("/v2/team/app/tags/list", 404, "UNSUPPORTED"),
        ("/v2/team/app/referrers/{layer}", 404, "UNSUPPORTED"),
        ("/v2/team/app/blobs/uploads/", 404, "UNSUPPORTED"),
        ("/livez", 404, "UNSUPPORTED"),
        ("/status", 404, "UNSUPPORTED"),
    ];

    public static TheoryData<Way, string, int, string> Cases()
    {
        var rows = new TheoryData<Way, string, int, string>();
        foreach (var (path, status, code) in s_cases)
        {
            foreach (var way in Enum.GetValues<Way>())
            {
                rows.Add(way, path, status, code);
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_refusal_is_an_OCI_error(Way way, string path, int status, string code)
    {
        var contract = await nodes.ContractAsync();

        // A bare socket, for a client's library would refuse or mend some of these paths.
        var get = await RawClient.GetAsync(contract.Of(way), Resolve(path));

        get.Status.ShouldBe(status);
        if (code.Length > 0)
        {
            using var document = JsonDocument.Parse(get.Body.ToArray());
            var error = document.RootElement.GetProperty("errors").EnumerateArray().ShouldHaveSingleItem();
            error.GetProperty("code").GetString().ShouldBe(code);
            error.GetProperty("message").GetString()!.Length.ShouldBeInRange(1, 400);
            get.Headers["Content-Type"].ShouldBe("application/json");
        }

        using var client = await RawClient.ConnectAsync(contract.Of(way));
        await client.SendAsync("HEAD", Resolve(path), "Connection: close");
        var head = await client.ReadHeadAsync();
        head.Status.ShouldBe(status);
        await client.ReadBodyAsync(head, atMost: Math.Max(1, head.ContentLength));
        head.Body.Length.ShouldBe(0);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    [InlineData("TRACE")]
    [InlineData("BREW")]
    public async Task Other_methods_are_refused_with_those_that_are_served(string method)
    {
        var contract = await nodes.ContractAsync();
        foreach (var way in Enum.GetValues<Way>())
        {
            using var answer = await contract.SendAsync(way, new HttpMethod(method), $"/v2/team/app/blobs/{nodes.Layer}");
            answer.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
            answer.Content.Headers.Allow.ShouldBe(["GET", "HEAD"]);
            (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("\"UNSUPPORTED\"");
        }
    }

    [Theory]
    [InlineData(8_000, 400)]
    [InlineData(10_000, 414)]
    [InlineData(1_000_000, 414)]
    public async Task A_very_long_path_is_refused_and_the_agent_goes_on(int length, int status)
    {
        var contract = await nodes.ContractAsync();
        foreach (var way in Enum.GetValues<Way>())
        {
            using var client = await RawClient.ConnectAsync(contract.Of(way));
            await client.SendAsync("GET", $"/v2/{new string('a', length)}/manifests/1");
            (await client.ReadHeadAsync()).Status.ShouldBe(status);

            using var next = await contract.SendAsync(way, HttpMethod.Get, "/v2/");
            next.StatusCode.ShouldBe(HttpStatusCode.OK);
        }
    }

    private string Resolve(string path) => path
        .Replace("{layer}", $"{nodes.Layer}", StringComparison.Ordinal)
        .Replace("{configuration}", $"{nodes.Configuration}", StringComparison.Ordinal)
        .Replace("{filtered}", $"{nodes.Filtered.Target}", StringComparison.Ordinal)
        .Replace("{filtered layer}", $"{nodes.Filtered.Layers[0]}", StringComparison.Ordinal)
        .Replace("{refused layer}", $"{nodes.Refused.Layers[0]}", StringComparison.Ordinal)
        .Replace("{foreign layer}", $"{nodes.Foreign.Layers[0]}", StringComparison.Ordinal);
}
