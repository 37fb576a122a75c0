using Peili.NodeAgent.Registry;

namespace Peili.NodeAgent.Tests.Registry;

public sealed class ProbeLogTests
{
    private readonly ProbeLog _log = new();

    [Fact]
    public void A_probe_is_found_by_its_id()
    {
        _log.See("/v2/peili-probe/abc/manifests/probe", allowed: true);
        _log.See("/v2/peili-probe/without/manifests/probe", allowed: false);

        _log.Find("abc").ShouldBe(true);
        _log.Find("without").ShouldBe(false);
        _log.Find("ab").ShouldBeNull();
    }

    [Theory]
    [InlineData("/v2/library/redis/manifests/7")]
    [InlineData("/v2/peili-probe/")]
    [InlineData("/v2/peili-probe//manifests/probe")]
    [InlineData("/v2/other/peili-probe/x/manifests/probe")]
    public void What_is_no_probe_is_not_kept(string path)
    {
        _log.See(path, allowed: true);

        _log.Find("").ShouldBeNull();
        _log.Find("x").ShouldBeNull();
    }

    [Fact]
    public void One_request_with_the_secret_is_enough()
    {
        _log.See("/v2/peili-probe/abc/manifests/probe", allowed: true);
        _log.See("/v2/peili-probe/abc/manifests/probe", allowed: false);

        _log.Find("abc").ShouldBe(true);
    }

    [Fact]
    public void It_keeps_the_last_ones_only_and_none_that_is_long()
    {
        var endless = new string('x', 65);
        _log.See($"/v2/peili-probe/{endless}/manifests/probe", allowed: true);
        for (var index = 0; index < 100; index++)
        {
            _log.See($"/v2/peili-probe/{index}/manifests/probe", allowed: true);
        }

        _log.Find(endless).ShouldBeNull();
        _log.Find("35").ShouldBeNull();
        _log.Find("36").ShouldBe(true);
        _log.Find("99").ShouldBe(true);
    }
}
