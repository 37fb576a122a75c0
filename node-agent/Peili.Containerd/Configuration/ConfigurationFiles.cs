using Peili.Toml;

namespace Peili.Containerd.Configuration;

/// <summary>Finds the files that make up containerd's configuration: the root file and, breadth first, what is imported.</summary>
internal static class ConfigurationFiles
{
    private const int MaxFiles = 1000;
    private const long MaxLength = 4 * 1024 * 1024;

    /// <summary>Reads them, in the order in which containerd does.</summary>
    /// <returns>Nothing when the root file is not there: containerd then goes by its defaults.</returns>
    /// <exception cref="ConfigurationException">A file is not there or is not TOML, for which containerd would not start.</exception>
    /// <exception cref="UnauthorizedAccessException">This process may not read it.</exception>
    public static IReadOnlyList<ConfigurationFile> Load(HostRoot host, string path, ReleaseNumber release)
    {
        if (!File.Exists(host.At(path)))
        {
            return [];
        }

        var loaded = new Dictionary<string, ConfigurationFile>(StringComparer.Ordinal);
        var files = new List<ConfigurationFile>();
        var pending = new Queue<string>([path]);
        while (pending.TryDequeue(out var next))
        {
            if (loaded.ContainsKey(next))
            {
                continue;
            }

            if (files.Count == MaxFiles)
            {
                throw new ConfigurationException($"{path} imports more than {MaxFiles} files");
            }

            var file = Read(host, next);
            loaded.Add(next, file);
            files.Add(file);
            foreach (var import in Imports(host, file, release))
            {
                pending.Enqueue(import);
            }
        }

        return files;
    }

    private static ConfigurationFile Read(HostRoot host, string path)
    {
        try
        {
            var real = host.At(path);
            return new FileInfo(real).Length > MaxLength
                ? throw new ConfigurationException($"{path} is longer than {MaxLength} bytes")
                : new ConfigurationFile(path, TomlDocument.Parse(File.ReadAllBytes(real), path));
        }
        catch (TomlException exception)
        {
            throw new ConfigurationException($"{path}:{exception.Line}:{exception.Column}: {exception.Reason}", exception);
        }
        catch (IOException exception)
        {
            throw new ConfigurationException($"{path} cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>
    /// The files that one imports. A relative path is relative to the importing file; one with a star, up to containerd 1.7, to the
    /// daemon's working directory, which is the root for every service manager.
    /// </summary>
    private static IEnumerable<string> Imports(HostRoot host, ConfigurationFile file, ReleaseNumber release)
    {
        var folder = Path.GetDirectoryName(file.Path)!;
        foreach (var import in file.Strings("imports").Select(import => import.Value).Where(import => import.Length > 0))
        {
            var isPattern = import.Contains('*');
            var path = Path.GetFullPath(import, isPattern && release.Major < 2 ? "/" : folder);
            foreach (var found in isPattern ? PathPattern.Find(host, path) : [path])
            {
                yield return found;
            }
        }
    }
}
