namespace Peili.Containerd.Hosts;

/// <summary>What a file holds.</summary>
/// <param name="Bytes">All of it.</param>
/// <param name="Mode">Its permissions.</param>
internal sealed record FileContent(byte[] Bytes, UnixFileMode Mode)
{
    /// <summary>The largest file that is edited, in bytes: containerd reads them at every pull.</summary>
    private const int MaxLength = 1024 * 1024;

    /// <summary>Reads a file; null when there is none.</summary>
    /// <exception cref="InvalidDataException">It is too large.</exception>
    public static FileContent? Read(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        return new FileInfo(path).Length <= MaxLength
            ? new FileContent(File.ReadAllBytes(path), File.GetUnixFileMode(path))
            : throw new InvalidDataException($"{path} is larger than {MaxLength} bytes");
    }

    /// <summary>Its text.</summary>
    /// <param name="path">Its name, for messages.</param>
    /// <exception cref="InvalidDataException">It is not UTF-8.</exception>
    public string Text(string path)
    {
        try
        {
            return HostsFile.Encoding.GetString(Bytes);
        }
        catch (System.Text.DecoderFallbackException exception)
        {
            throw new InvalidDataException($"{path} is not UTF-8: {exception.Message}", exception);
        }
    }
}
