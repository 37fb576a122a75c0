using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Peili.Kubernetes.Configuration;
using Peili.NodeAgent.Tests.Support;

namespace Peili.Kubernetes.Tests.Configuration;

public sealed class CredentialTests : IDisposable
{
    private const string V1 = "client.authentication.k8s.io/v1";
    private readonly string _directory = Directory.CreateTempSubdirectory("peili-credentials-").FullName;
    private readonly ManualTimeProvider _time = new();

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_token_file_is_read_again_after_a_minute()
    {
        var source = new TokenFileCredentials(Write("token", "one\n"), null, _time);
        (await TokenAsync(source)).ShouldBe("Bearer one");
        Write("token", "two");

        _time.Advance(TimeSpan.FromSeconds(59));
        (await TokenAsync(source)).ShouldBe("Bearer one");
        _time.Advance(TimeSpan.FromSeconds(1));
        (await TokenAsync(source)).ShouldBe("Bearer two");
    }

    [Fact]
    public async Task A_token_that_was_refused_is_read_again_at_once()
    {
        var source = new TokenFileCredentials(Write("token", "one"), null, _time);
        var refused = await source.GetAsync(null, TestContext.Current.CancellationToken);
        (await source.GetAsync(refused, TestContext.Current.CancellationToken)).ShouldBeSameAs(refused, "nothing else is to be had");
        Write("token", "two");

        (await source.GetAsync(refused, TestContext.Current.CancellationToken)).Authorization.ShouldBe("Bearer two");
    }

    [Fact]
    public async Task A_token_file_that_goes_leaves_the_last_token()
    {
        var source = new TokenFileCredentials(Write("token", "one"), null, _time);
        await TokenAsync(source);
        File.Delete(Path.Combine(_directory, "token"));
        _time.Advance(TimeSpan.FromHours(1));

        (await TokenAsync(source)).ShouldBe("Bearer one");
    }

    [Fact]
    public async Task A_plugin_runs_once_until_its_credential_expires()
    {
        var expires = _time.GetUtcNow().AddMinutes(10);
        using var source = Plugin("echo run >>runs; " + Print("\"token\":\"t'$(wc -l <runs)'\",\"expirationTimestamp\":\"" + $"{expires:O}\""));

        (await TokenAsync(source)).ShouldBe("Bearer t1");
        (await TokenAsync(source)).ShouldBe("Bearer t1");
        _time.Advance(TimeSpan.FromMinutes(10));
        (await TokenAsync(source)).ShouldBe("Bearer t2");
    }

    [Fact]
    public async Task A_plugin_whose_credential_was_refused_runs_again()
    {
        using var source = Plugin("echo run >>runs; " + Print("\"token\":\"t'$(wc -l <runs)'\""));
        var refused = await source.GetAsync(null, TestContext.Current.CancellationToken);

        (await source.GetAsync(refused, TestContext.Current.CancellationToken)).Authorization.ShouldBe("Bearer t2");
    }

    [Fact]
    public async Task A_plugin_gets_its_arguments_its_environment_and_the_cluster()
    {
        using var source = Plugin(
            """echo "$KUBERNETES_EXEC_INFO" >told; printf '%s\n' "$EXTRA" "$@" >given; """ + Print("\"token\":\"t\""),
            exec => exec with { Args = [.. exec.Args, "plugin", "two words", "*"], Env = new Dictionary<string, string> { ["EXTRA"] = "e x" }, ProvideClusterInfo = true });
        await TokenAsync(source);

        File.ReadAllLines(Path.Combine(_directory, "given")).ShouldBe(["e x", "two words", "*"]);
        var told = JsonNode.Parse(File.ReadAllText(Path.Combine(_directory, "told")))!;
        ((string?)told["kind"]).ShouldBe("ExecCredential");
        ((string?)told["apiVersion"]).ShouldBe(V1);
        ((bool?)told["spec"]!["interactive"]).ShouldBe(false);
        ((string?)told["spec"]!["cluster"]!["server"]).ShouldBe("https://c");
        ((string?)told["spec"]!["cluster"]!["certificate-authority-data"]).ShouldBe("UEVN");
    }

    [Fact]
    public async Task A_plugin_may_give_a_certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));
        var answer = new JsonObject
        {
            ["apiVersion"] = V1,
            ["kind"] = "ExecCredential",
            ["status"] = new JsonObject { ["clientCertificateData"] = certificate.ExportCertificatePem(), ["clientKeyData"] = key.ExportPkcs8PrivateKeyPem() },
        };
        Write("answer", answer.ToJsonString());
        using var source = Plugin("cat answer");

        var credential = await source.GetAsync(null, TestContext.Current.CancellationToken);

        credential.Certificate!.Thumbprint.ShouldBe(certificate.Thumbprint);
        credential.Certificate.HasPrivateKey.ShouldBeTrue();
        credential.Certificate.Dispose();
    }

    [Theory]
    [InlineData("exit 3", "ended with status 3")]
    [InlineData("echo hello", "something else than an ExecCredential")]
    [InlineData("""echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{}}'""", "neither token nor certificate")]
    [InlineData("""echo '{"apiVersion":"client.authentication.k8s.io/v2","kind":"ExecCredential","status":{"token":"t"}}'""", "must be client.authentication.k8s.io/v1")]
    [InlineData("head -c 2000000 /dev/zero", "printed more than")]
    public async Task A_plugin_that_fails_is_named(string script, string message)
    {
        using var source = Plugin(script);
        (await Should.ThrowAsync<KubeConfigException>(() => TokenAsync(source))).Message.ShouldContain(message);
    }

    [Fact]
    public async Task A_plugin_that_is_missing_is_told_with_its_hint()
    {
        using var source = Plugin("", exec => exec with { Command = "/no/such/plugin", InstallHint = "install it from there" });

        var message = (await Should.ThrowAsync<KubeConfigException>(() => TokenAsync(source))).Message;

        message.ShouldContain("/no/such/plugin");
        message.ShouldContain("install it from there");
    }

    private static string Print(string status) => "echo '{\"apiVersion\":\"" + V1 + "\",\"kind\":\"ExecCredential\",\"status\":{" + status + "}}'";

    private static async Task<string?> TokenAsync(ICredentialSource source) =>
        (await source.GetAsync(null, TestContext.Current.CancellationToken)).Authorization;

    private ExecCredentials Plugin(string script, Func<ExecConfig, ExecConfig>? change = null)
    {
        var exec = new ExecConfig { ApiVersion = V1, Command = "/bin/sh", Args = ["-c", $"cd {_directory}; {script}"] };
        var cluster = new Cluster { Server = new Uri("https://c"), CertificateAuthorityData = "PEM" };
        return new ExecCredentials(change is null ? exec : change(exec), cluster, _time);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_directory, name);
        File.WriteAllText(path, text);
        return path;
    }
}
