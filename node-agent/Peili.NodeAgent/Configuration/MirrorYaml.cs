using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Peili.NodeAgent.Commands;
using Peili.NodeAgent.Registry;
using YamlDotNet.RepresentationModel;

namespace Peili.NodeAgent.Configuration;

/// <summary>A mirror with more than its URL, as it stands under <c>mirror:</c> in the file of <c>--config</c>.</summary>
internal static class MirrorYaml
{
    /// <summary>Reads the mapping.</summary>
    /// <exception cref="UsageException">A field is wrong; the message names file, line and column.</exception>
    public static MirrorSettings Read(YamlFile yaml, YamlNode node)
    {
        var mirror = new MirrorSettings(string.Empty);
        foreach (var (key, value) in yaml.Mapping(node, "url", "ca", "ca-pem", "client-cert", "client-key", "headers", "skip-verify", "override-path", "registries"))
        {
            mirror = key switch
            {
                "url" => mirror with { Url = Url(yaml, value) },
                "ca" => mirror with { Ca = [.. YamlFile.List(value).Select(item => FilePath(yaml, item))] },
                "ca-pem" => mirror with { CaPem = Certificates(yaml, value) },
                "client-cert" => mirror with { ClientCert = FilePath(yaml, value) },
                "client-key" => mirror with { ClientKey = FilePath(yaml, value) },
                "headers" => mirror with { Headers = Headers(yaml, value) },
                "skip-verify" => mirror with { SkipVerify = yaml.Boolean(value) },
                "override-path" => mirror with { OverridePath = yaml.Boolean(value) },
                _ => mirror with { Registries = [.. YamlFile.List(value).Select(item => Registry(yaml, item))] },
            };
        }

        return mirror.Url.Length == 0 ? throw yaml.Wrong(node, "url is missing: the mirror's http:// or https:// URL")
            : mirror is { ClientKey: not null, ClientCert: null } ? throw yaml.Wrong(node, "client-key is of no use without client-cert")
            : mirror;
    }

    private static string Url(YamlFile yaml, YamlNode node) =>
        MirrorSettings.IsUrl(yaml.Scalar(node)) ? yaml.Scalar(node) : throw yaml.Wrong(node, $"url must be an http:// or https:// URL, not \"{yaml.Scalar(node)}\"");

    private static string FilePath(YamlFile yaml, YamlNode node) =>
        Path.IsPathRooted(yaml.Scalar(node)) ? yaml.Scalar(node) : throw yaml.Wrong(node, $"must be an absolute path of the host, not \"{yaml.Scalar(node)}\"");

    /// <summary>Written anew, for containerd is stricter about line ends than YAML, which folds them, and needs nothing else that may stand there.</summary>
    private static string Certificates(YamlFile yaml, YamlNode node)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(yaml.Scalar(node));
        }
        catch (CryptographicException exception)
        {
            throw yaml.Wrong(node, $"ca-pem has a certificate that cannot be read: {exception.Message}");
        }

        return certificates.Count > 0
            ? certificates.ExportCertificatePems() + "\n"
            : throw yaml.Wrong(node, "ca-pem has no certificate: it must be PEM text, -----BEGIN CERTIFICATE----- and so on");
    }

    private static string Registry(YamlFile yaml, YamlNode node) =>
        RegistryHost.IsValid(yaml.Scalar(node)) ? yaml.Scalar(node) : throw yaml.Wrong(node, $"must be a registry's host or host:port, not \"{yaml.Scalar(node)}\"");

    private static Dictionary<string, string> Headers(YamlFile yaml, YamlNode node)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in yaml.Mapping(node))
        {
            var text = yaml.Scalar(value);
            headers[name] = name.Length > 0 && name.All(IsTokenCharacter) && !text.Any(char.IsControl)
                ? text
                : throw yaml.Wrong(value, $"\"{name}\" is no HTTP header, or its value has a control character");
        }

        return headers;
    }

    private static bool IsTokenCharacter(char character) => char.IsAsciiLetterOrDigit(character) || "!#$%&'*+-.^_`|~".Contains(character, StringComparison.Ordinal);
}
