using Peili.Containerd;
using Peili.Flavors;

namespace Peili.NodeAgent.Hosting;

/// <summary>What a host's files tell of its flavor.</summary>
internal sealed class HostFacts(HostRoot host) : IHostFacts
{
    public bool FileExists(string path) => Path.Exists(host.At(path));

    public string? ReadText(string path, int maxLength)
    {
        var real = host.At(path);
        if (!File.Exists(real))
        {
            return null;
        }

        using var reader = new StreamReader(real);
        var text = new char[maxLength];
        return new string(text, 0, reader.ReadBlock(text));
    }
}
