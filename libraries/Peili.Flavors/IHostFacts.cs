namespace Peili.Flavors;

/// <summary>A host's file system, at <c>/</c> or wherever it is mounted.</summary>
public interface IHostFacts
{
    /// <summary>Whether a file or directory is there.</summary>
    bool FileExists(string path);

    /// <summary>The file's first <paramref name="maxLength"/> characters; null when it is not there.</summary>
    string? ReadText(string path, int maxLength);
}
