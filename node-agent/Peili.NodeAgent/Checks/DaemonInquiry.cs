using Peili.Containerd;
using Peili.Containerd.Cri;
using Peili.Grpc;

namespace Peili.NodeAgent.Checks;

/// <summary>Asks the running containerd.</summary>
internal static class DaemonInquiry
{
    private const string Namespace = "k8s.io";

    /// <summary>Asks everything that matters here.</summary>
    /// <param name="socket">Its socket, as this process finds it.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    /// <exception cref="RpcException">It does not answer.</exception>
    public static async Task<DaemonAnswers> AskAsync(string socket, CancellationToken cancellationToken)
    {
        using var containerd = new ContainerdClient(socket, Namespace);
        using var cri = new CriClient(socket);
        var version = await containerd.GetVersionAsync(cancellationToken);
        var plugins = await containerd.ListPluginsAsync(cancellationToken);
        var criPlugins = plugins.Where(plugin => plugin is { Type: "io.containerd.grpc.v1", Id: "cri" } or { Type: "io.containerd.cri.v1", Id: "images" }).ToList();
        var criError = criPlugins.Select(plugin => plugin.InitError).FirstOrDefault(error => error is not null);
        return new DaemonAnswers
        {
            Version = version.Version,
            ContentRoot = Export(plugins, "io.containerd.content.v1", "root"),
            SharingPolicy = Export(plugins, "io.containerd.metadata.v1", "policy"),
            CriError = criError,
            HasCri = criPlugins.Count > 0,
            Running = RunningSettings.FromPlugins(plugins) ?? (criPlugins.Count > 0 && criError is null ? await SettingsAsync(cri, cancellationToken) : null),
            Started = new DateTimeOffset(File.GetLastWriteTimeUtc(socket)),
        };
    }

    private static string? Export(IReadOnlyList<ContainerdPlugin> plugins, string type, string key) =>
        plugins.Where(plugin => plugin.Type == type).Select(plugin => plugin.Exports.GetValueOrDefault(key)).FirstOrDefault(value => value is not null);

    /// <summary>A CRI plugin that is still starting, or one with the older interface alone, leaves the files to tell.</summary>
    private static async Task<RunningSettings?> SettingsAsync(CriClient cri, CancellationToken cancellationToken)
    {
        try
        {
            return await cri.GetSettingsAsync(cancellationToken);
        }
        catch (RpcException exception) when (exception.StatusCode is StatusCode.Unimplemented or StatusCode.Unavailable or StatusCode.Unknown)
        {
            return null;
        }
    }
}
