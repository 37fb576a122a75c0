using Peili.Containerd;
using Peili.Containerd.Configuration;
using Peili.Toml;

namespace Peili.NodeAgent.Remediation;

/// <summary>A copy of a host's configuration on which edits are tried, in a folder that only this user can read. Disposing removes it.</summary>
internal sealed class Trial : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("peili-remediate-");
    private readonly string _root;
    private readonly ReleaseNumber _release;

    /// <summary>Copies the files.</summary>
    /// <param name="root">The host's path of the root file.</param>
    /// <param name="configuration">What it and its imports are now.</param>
    public Trial(string root, EffectiveConfiguration configuration)
    {
        (_root, _release) = (root, configuration.Release);
        foreach (var file in configuration.Files)
        {
            Write(file.Path, file.Document);
        }
    }

    /// <summary>What the release makes of the copy with one file edited; null when it cannot be read any more.</summary>
    public EffectiveConfiguration? With(string path, TomlDocument edited)
    {
        Write(path, edited);
        try
        {
            return ConfigurationReader.Read(new HostRoot(_folder.FullName), _root, _release);
        }
        catch (ConfigurationException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);

    private void Write(string path, TomlDocument document)
    {
        var copy = _folder.FullName + path;
        Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
        File.WriteAllBytes(copy, document.ToUtf8());
    }
}
