using System.Text;
using Peili.Containerd;
using Peili.Flavors;

namespace Peili.NodeAgent.Hosting;

/// <summary>What a host's files say of its flavor.</summary>
internal sealed class HostFacts(HostRoot root) : IHostFacts
{
    public bool FileExists(string path) => Path.Exists(root.At(path));

    public string? ReadText(string path, int maxLength)
    {
        var file = root.At(path);
        if (!File.Exists(file))
        {
            return null;
        }

        using var reader = new StreamReader(file, Encoding.UTF8);
        var text = new char[maxLength];
        return new string(text, 0, reader.ReadBlock(text));
    }
}
