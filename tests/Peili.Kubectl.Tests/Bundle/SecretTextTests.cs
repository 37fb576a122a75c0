using Peili.Kubectl.Bundle;

namespace Peili.Kubectl.Tests.Bundle;

/// <summary>What looks like a secret goes, and what somebody needs to help stays.</summary>
public sealed class SecretTextTests
{
    [Theory]
    [InlineData("""level=debug msg="asked" Authorization: Bearer MARKERmarker1 status=401""")]
    [InlineData("""headers: {"Authorization":["Basic TUFSS0VSOk1BUktFUg=="],"Accept":["*/*"]}""")]
    [InlineData("""[host."http://x".header]  X-Peili-Node = "MARKERaaaaaaa" """)]
    [InlineData("x-registry-token: MARKERaaaaaaa")]
    [InlineData("Set-Cookie: session=MARKERaaaaaaa; Path=/")]
    [InlineData("pull failed: https://robot:MARKERaaaaaaa@registry.test/v2/: 401")]
    [InlineData("HTTPS_PROXY=http://user:MARKERaaaaaaa@proxy:3128")]
    [InlineData("password=MARKERaaaaaaa user=robot")]
    [InlineData("""{\"password\":\"MARKERaaaaaaa\",\"user\":\"robot\"}""")]
    [InlineData("redirected to https://bucket.test/blob?X-Amz-Signature=MARKERaaaaaaa&X-Amz-Date=1")]
    [InlineData("redirected to https://bucket.test/blob?token=MARKERaaaaaaa")]
    [InlineData("eyJhbGciOiJSUzI1NiIsImtpZCI6Ik1BUktFUiJ9.eyJNQVJLRVIiOiJNQVJLRVIifQ.MARKERmarker")]
    [InlineData("-----BEGIN EC PRIVATE KEY-----\nMARKERaaaaaaa\n-----END EC PRIVATE KEY-----\nafterwards")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nMARKERaaaaaaa cut off")]
    [InlineData("the keys are MARKERmarkermarkermarkermarkermarkermark012= and more")]
    [InlineData("secret of this node: MARKERmarkermarkermarkermarkermarkermar-_12")]
    public void Secrets_go(string text)
    {
        var cleaned = SecretText.Remove(text);
        cleaned.ShouldContain(SecretText.Removed);
        foreach (var marker in new[] { "MARKER", "TUFSS0VS", "Ik1BUktFUiJ9", "MARKER" })
        {
            cleaned.ShouldNotContain(marker, Case.Sensitive);
        }
    }

    [Theory]
    [InlineData("sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 from node2 (10.0.0.5:29951)")]
    [InlineData("pulled docker.io/library/redis:7 in 1.5 s, 20 MB/s")]
    [InlineData("pod peili-default-eks-bottlerocket-a-long-name-indeed-x7f2k on ip-10-0-0-1.eu-west-1.compute.internal")]
    [InlineData("https://registry.example:5000/v2/team/app/manifests/1.0 answered 404")]
    [InlineData("""evidence: /etc/containerd/config.toml:12, remedy: set config_path = "/etc/containerd/certs.d" """)]
    [InlineData("Secret peili-system/peili-ca is not there")]
    public void What_helps_stays(string text) => SecretText.Remove(text).ShouldBe(text);

    [Fact]
    public void A_second_time_changes_nothing()
    {
        var once = SecretText.Remove("Authorization: Bearer abcdefghijk token=abc https://a:b@c");
        SecretText.Remove(once).ShouldBe(once);
    }
}
