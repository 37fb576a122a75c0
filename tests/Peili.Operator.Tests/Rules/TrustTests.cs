using System.Text.Json.Nodes;
using Peili.AgentApi;
using Peili.AgentApi.Security;
using Peili.Operator.Installation;
using Peili.Operator.Resources;

namespace Peili.Operator.Tests.Rules;

public sealed class TrustTests
{
    private static readonly DateTimeOffset s_now = DateTimeOffset.UtcNow;

    [Fact]
    public void At_each_step_of_a_rotation_whoever_is_a_step_behind_or_ahead_is_believed()
    {
        var steps = new List<Trust> { Trust.Create(s_now) };
        for (var step = 0; step < 3; step++)
        {
            steps.Add(steps[^1].Advanced(s_now, "asked"));
        }

        steps.Select(trust => trust.Step).ShouldBe([RotationStep.None, RotationStep.Trust, RotationStep.Use, RotationStep.None]);
        foreach (var (one, other) in steps.Zip(steps.Skip(1)))
        {
            Refusal(one, other).ShouldBeNull();
            Refusal(other, one).ShouldBeNull();
            one.Keys.ShouldContain(other.Keys[0]);
            other.Keys.ShouldContain(one.Keys[0]);
        }

        Refusal(steps[0], steps[^1]).ShouldBe(RefusalReason.UnknownAuthority, "the old one is gone in the end");
        steps[^1].Keys.ShouldHaveSingleItem().ShouldNotBe(steps[0].Key);
        steps[^1].Rotated.ShouldBe("asked");
    }

    [Fact]
    public void What_the_Secret_holds_is_read_back()
    {
        for (var trust = Trust.Create(s_now).Advanced(s_now, "x"); ; trust = trust.Advanced(s_now, "x"))
        {
            Trust.Read(SecretOf(trust.ToData())).ShouldBe(trust);
            if (trust.Step == RotationStep.None)
            {
                return;
            }
        }
    }

    [Theory]
    [InlineData("ca.crt")]
    [InlineData("ca.key")]
    [InlineData("cluster.key")]
    public void A_Secret_that_lacks_something_is_none(string key)
    {
        var data = Trust.Create(s_now).ToData();
        data.Remove(key);
        Trust.Read(SecretOf(data)).ShouldBeNull();
    }

    [Fact]
    public void A_leaf_is_kept_until_a_third_of_its_time_is_left_or_another_authority_issues()
    {
        var trust = Trust.Create(s_now);
        var first = AgentSecret.Of(trust, null, s_now);
        AgentSecret.Of(trust, SecretOf(first.ToData()), s_now.AddDays(200)).ShouldBe(first);
        AgentSecret.Of(trust, SecretOf(first.ToData()), s_now.AddDays(250)).Certificate.ShouldNotBe(first.Certificate);
        var trusting = trust.Advanced(s_now, "x");
        AgentSecret.Of(trusting, SecretOf(first.ToData()), s_now).Certificate.ShouldBe(first.Certificate);
        AgentSecret.Of(trusting.Advanced(s_now, "x"), SecretOf(first.ToData()), s_now).Certificate.ShouldNotBe(first.Certificate);
    }

    [Fact]
    public void A_Secret_that_somebody_spoilt_is_made_anew()
    {
        var spoilt = new JsonObject { ["tls.crt"] = Trust.Base64("junk"), ["tls.key"] = Trust.Base64("junk") };
        AgentSecret.Of(Trust.Create(s_now), SecretOf(spoilt), s_now).Certificate.ShouldStartWith("-----BEGIN");
    }

    [Fact]
    public void An_agent_has_loaded_a_Secret_when_it_has_all_of_it()
    {
        var trust = Trust.Create(s_now).Advanced(s_now, "x");
        var secret = AgentSecret.Of(trust, null, s_now);
        secret.IsLoadedBy(null).ShouldBeFalse();
        var loaded = LoadedOf(secret);
        secret.IsLoadedBy(loaded).ShouldBeTrue();
        AgentSecret.Of(trust.Advanced(s_now, "x"), SecretOf(secret.ToData()), s_now).IsLoadedBy(loaded).ShouldBeFalse();
        loaded.Keys.RemoveAt(1);
        secret.IsLoadedBy(loaded).ShouldBeFalse();
    }

    private static Loaded LoadedOf(AgentSecret secret)
    {
        var credentials = PeerCredentials.Parse(secret.Authorities, secret.Certificate, secret.Key);
        var loaded = new Loaded { Certificate = credentials.Fingerprint };
        loaded.Authorities.AddRange(credentials.AuthorityFingerprints);
        loaded.Keys.AddRange(secret.Keys.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(key => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(Convert.FromBase64String(key)))));
        return loaded;
    }

    /// <summary>What one says to the certificate of an agent that has loaded the other.</summary>
    private static RefusalReason? Refusal(Trust one, Trust other)
    {
        var (mine, theirs) = (AgentSecret.Of(one, null, s_now), AgentSecret.Of(other, null, s_now));
        return PeerCredentials.Parse(mine.Authorities, mine.Certificate, mine.Key)
            .Refuse(PeerCredentials.Parse(theirs.Authorities, theirs.Certificate, theirs.Key).Certificate, null, s_now);
    }

    private static Secret SecretOf(JsonObject data) => new() { Data = data.ToDictionary(entry => entry.Key, entry => Convert.FromBase64String(entry.Value!.GetValue<string>())) };
}
