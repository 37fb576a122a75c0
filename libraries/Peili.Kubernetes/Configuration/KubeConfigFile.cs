using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Peili.Kubernetes.Configuration;

/// <summary>Reads one kubeconfig file.</summary>
internal static class KubeConfigFile
{
    private const int MaxLength = 16 * 1024 * 1024;

    /// <exception cref="KubeConfigException">It cannot be read, or is no kubeconfig.</exception>
    public static KubeConfig Read(string path)
    {
        try
        {
            return new FileInfo(path).Length <= MaxLength
                ? Parse(path, File.ReadAllText(path))
                : throw new KubeConfigException($"{path}: is longer than {MaxLength} bytes");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new KubeConfigException($"{path}: cannot be read: {exception.Message}", exception);
        }
    }

    /// <param name="path">Where the text is from: paths in it are relative to this file's folder.</param>
    /// <param name="text">YAML, or JSON, which is YAML.</param>
    /// <exception cref="KubeConfigException">It is no kubeconfig.</exception>
    public static KubeConfig Parse(string path, string text)
    {
        var yaml = new YamlStream();
        try
        {
            yaml.Load(new StringReader(text));
        }
        catch (Exception exception) when (exception is YamlException or InvalidOperationException)
        {
            // YamlDotNet throws the second, without a place, at brackets that are never closed.
            throw new KubeConfigException($"{path}: is not YAML: {exception.Message}", exception);
        }

        return yaml.Documents switch
        {
            [] => new KubeConfig(),
            [{ RootNode: var root }] => Read(new YamlFields(path, "", root)),
            _ => throw new KubeConfigException($"{path}: must be one YAML document"),
        };
    }

    private static KubeConfig Read(YamlFields fields) => new()
    {
        CurrentContext = fields.Optional("current-context"),
        Clusters = Named(fields, "clusters", "cluster", ReadCluster),
        Users = Named(fields, "users", "user", ReadUser),
        Contexts = Named(fields, "contexts", "context", context =>
            new KubeContext(context.Required("cluster"), context.Optional("user"), context.Optional("namespace"))),
    };

    // What is wrong with an entry that nobody uses must not hinder those who use another.
    private static Dictionary<string, Func<T>> Named<T>(YamlFields fields, string list, string content, Func<YamlFields, T> read)
    {
        var entries = new Dictionary<string, Func<T>>(StringComparer.Ordinal);
        foreach (var entry in fields.Children(list))
        {
            entries.TryAdd(entry.Required("name"), () => read(entry.Child(content) ?? throw entry.Wrong(content, "must be set")));
        }

        return entries;
    }

    private static Cluster ReadCluster(YamlFields fields) => new()
    {
        Server = fields.Address("server") ?? throw fields.Wrong("server", "must be set"),
        TlsServerName = fields.Optional("tls-server-name"),
        InsecureSkipTlsVerify = fields.Flag("insecure-skip-tls-verify"),
        CertificateAuthority = fields.PathTo("certificate-authority"),
        CertificateAuthorityData = fields.Data("certificate-authority-data"),
        ProxyUrl = fields.Address("proxy-url"),
    };

    private static User ReadUser(YamlFields fields)
    {
        if (fields.Child("auth-provider") is { } provider)
        {
            throw fields.Wrong("auth-provider", $"{provider.Optional("name")} is of the past: use an exec plugin");
        }

        return new User
        {
            ClientCertificate = fields.PathTo("client-certificate"),
            ClientCertificateData = fields.Data("client-certificate-data"),
            ClientKey = fields.PathTo("client-key"),
            ClientKeyData = fields.Data("client-key-data"),
            Token = fields.Optional("token"),
            TokenFile = fields.PathTo("tokenFile"),
            Username = fields.Optional("username"),
            Password = fields.Optional("password"),
            Impersonation = ReadImpersonation(fields),
            Exec = fields.Child("exec") is { } exec ? ReadExec(exec) : null,
        };
    }

    private static Impersonation? ReadImpersonation(YamlFields fields)
    {
        var (uid, groups, extra) = (fields.Optional("as-uid"), fields.Texts("as-groups"), fields.Child("as-user-extra"));
        if (fields.Optional("as") is not { } user)
        {
            return uid is null && groups.Count == 0 && extra is null ? null : throw fields.Wrong("as", "must be set, with as-uid, as-groups or as-user-extra");
        }

        return new Impersonation
        {
            User = user,
            Uid = uid,
            Groups = groups,
            Extra = extra?.Names.ToDictionary(name => name, extra.Texts) ?? [],
        };
    }

    private static ExecConfig ReadExec(YamlFields fields)
    {
        var command = fields.Required("command");
        return new ExecConfig
        {
            ApiVersion = fields.Required("apiVersion"),
            Command = command.Contains('/', StringComparison.Ordinal) ? fields.PathTo("command")! : command,
            Args = fields.Texts("args"),
            Env = fields.Children("env").ToDictionary(variable => variable.Required("name"), variable => variable.Optional("value") ?? ""),
            InstallHint = fields.Optional("installHint"),
            ProvideClusterInfo = fields.Flag("provideClusterInfo"),
            InteractiveMode = fields.Optional("interactiveMode") ?? "IfAvailable",
        };
    }
}
