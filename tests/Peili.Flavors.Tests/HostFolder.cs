namespace Peili.Flavors.Tests;

internal sealed class HostFolder : IHostFacts, IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("peili-flavors-");

    public void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), text);
    }

    public bool FileExists(string path) => Path.Exists(At(path));

    public string? ReadText(string path, int maxLength)
    {
        if (!File.Exists(At(path)))
        {
            return null;
        }

        var text = File.ReadAllText(At(path));
        return text[..Math.Min(text.Length, maxLength)];
    }

    public void Dispose() => _root.Delete(recursive: true);

    private string At(string path) => _root.FullName + path;
}
