using System.Net;
using System.Security.Cryptography;
using Peili.Containerd;
using Peili.NodeAgent.Tests.Support;

namespace Peili.NodeAgent.Tests.Contract;

/// <summary>What is there is answered the same way whoever asks and wherever it comes from.</summary>
public sealed class ContentTests(Nodes nodes)
{
    private const string Namespace = "?ns=registry.test";

    public static TheoryData<Way, string> Contents()
    {
        var rows = new TheoryData<Way, string>();
        foreach (var way in Enum.GetValues<Way>())
        {
            foreach (var content in new[] { "tag", "manifest", "manifest without ns", "index by tag", "index", "configuration", "layer", "layer without ns", "manifest as blob" })
            {
                rows.Add(way, content);
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Contents))]
    public async Task GET_sends_the_bytes_and_HEAD_the_same_headers_without_them(Way way, string content)
    {
        var contract = await nodes.ContractAsync();
        var (path, digest, contentType) = Describe(content);

        using var get = await contract.SendAsync(way, HttpMethod.Get, path);
        using var head = await contract.SendAsync(way, HttpMethod.Head, path);

        var body = await get.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Digest.Of(SHA256.HashData(body)).ShouldBe(digest);
        (await head.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).ShouldBeEmpty();
        foreach (var answer in new[] { get, head })
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            answer.Content.Headers.ContentLength.ShouldBe(body.Length);
            answer.Content.Headers.ContentType!.ToString().ShouldBe(contentType);
            answer.Content.Headers.ContentEncoding.ShouldBeEmpty();
            answer.Headers.GetValues("Docker-Content-Digest").ShouldBe([$"{digest}"]);
            answer.Headers.AcceptRanges.ShouldBe(["bytes"]);
        }
    }

    [Theory]
    [InlineData(Way.Local)]
    [InlineData(Way.Relayed)]
    [InlineData(Way.Peer)]
    public async Task A_percent_encoded_path_means_what_it_spells(Way way)
    {
        var contract = await nodes.ContractAsync();

        using var answer = await contract.SendAsync(way, HttpMethod.Head, $"/v2/team/%61pp/blobs/sha256%3A{nodes.Layer.Hex}?ns=registry%2Etest");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.GetValues("Docker-Content-Digest").ShouldBe([$"{nodes.Layer}"]);
    }

    [Theory]
    [InlineData("/v2/")]
    [InlineData("/v2")]
    public async Task The_root_of_the_API_answers(string path)
    {
        var contract = await nodes.ContractAsync();
        foreach (var way in Enum.GetValues<Way>())
        {
            using var answer = await contract.SendAsync(way, HttpMethod.Get, path);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe("{}");
            answer.Headers.GetValues("Docker-Distribution-Api-Version").ShouldBe(["registry/2.0"]);
        }
    }

    private (string Path, Digest Digest, string ContentType) Describe(string content)
    {
        const string Blob = "application/octet-stream";
        return content switch
        {
            "tag" => ($"/v2/team/app/manifests/1{Namespace}", nodes.Image.Target, MediaTypes.OciManifest),
            "manifest" => ($"/v2/team/app/manifests/{nodes.Image.Target}{Namespace}", nodes.Image.Target, MediaTypes.OciManifest),
            "manifest without ns" => ($"/v2/team/app/manifests/{nodes.Image.Target}", nodes.Image.Target, MediaTypes.OciManifest),
            "index by tag" => ($"/v2/team/multi/manifests/1{Namespace}", nodes.Index.Target, MediaTypes.OciIndex),
            "index" => ($"/v2/team/multi/manifests/{nodes.Index.Target}{Namespace}", nodes.Index.Target, MediaTypes.OciIndex),
            "configuration" => ($"/v2/team/app/blobs/{nodes.Configuration}{Namespace}", nodes.Configuration, Blob),
            "layer" => ($"/v2/team/app/blobs/{nodes.Layer}{Namespace}", nodes.Layer, Blob),
            "layer without ns" => ($"/v2/team/app/blobs/{nodes.Layer}", nodes.Layer, Blob),
            _ => ($"/v2/team/app/blobs/{nodes.Image.Target}{Namespace}", nodes.Image.Target, Blob),
        };
    }
}
