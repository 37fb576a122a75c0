using Peili.NodeAgent.Registry;

namespace Peili.NodeAgent.Tests.Registry;

public sealed class ImageNameTests
{
    private const string Digest = "sha256:00000000000000000000000000000000000000000000000000000000000000ab";

    [Theory]
    [InlineData("redis", "docker.io/library/redis:latest")]
    [InlineData("redis:7", "docker.io/library/redis:7")]
    [InlineData("team/app", "docker.io/team/app:latest")]
    [InlineData("team/app:1", "docker.io/team/app:1")]
    [InlineData("team/sub/app:1", "docker.io/team/sub/app:1")]
    [InlineData("docker.io/library/redis:7", "docker.io/library/redis:7")]
    [InlineData("localhost/x", "localhost/x:latest")]
    [InlineData("localhost:5000/x", "localhost:5000/x:latest")]
    [InlineData("localhost:5000/x:1", "localhost:5000/x:1")]
    [InlineData("registry:5000/x", "registry:5000/x:latest")]
    [InlineData("registry.example/a/b", "registry.example/a/b:latest")]
    [InlineData("[fd00::1]:5000/x", "[fd00::1]:5000/x:latest")]
    [InlineData(Digest, Digest)]
    [InlineData("x@" + Digest, "x@" + Digest)]
    [InlineData("registry.example/x@" + Digest, "registry.example/x@" + Digest)]
    public void A_name_is_spelt_out_as_Docker_reads_it(string reference, string name) => ImageName.SpellOut(reference).ShouldBe(name);

    [Theory]
    [InlineData("docker.io/library/redis:7", true)]
    [InlineData("localhost:5000/x:1", true)]
    [InlineData("localhost:5000/x", false)]
    [InlineData("docker.io/library/redis", false)]
    [InlineData("docker.io/library/redis:", false)]
    [InlineData("docker.io/library/redis@" + Digest, false)]
    [InlineData("docker.io/library/redis:7@" + Digest, false)]
    [InlineData(Digest, false)]
    [InlineData("redis:7", false)]
    [InlineData("/redis:7", false)]
    [InlineData("", false)]
    public void A_tag_has_a_host_a_repository_and_no_digest(string name, bool tagged) => ImageName.IsTagged(name).ShouldBe(tagged);
}
