namespace Peili.NodeAgent.Tests.Support;

/// <summary>A folder of a test's own, which goes with it.</summary>
internal sealed class TestDirectory : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("peili-test-");

    public string Path => _directory.FullName;

    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file and says where it is.</summary>
    public string Write(string name, string text)
    {
        File.WriteAllText(PathOf(name), text);
        return PathOf(name);
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
