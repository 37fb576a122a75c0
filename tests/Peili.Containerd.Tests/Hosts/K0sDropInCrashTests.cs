using Peili.Containerd.Hosts;

namespace Peili.Containerd.Tests.Hosts;

/// <summary>k0s' drop-in, while the process dies at every write, rename and deletion in turn.</summary>
public sealed class K0sDropInCrashTests
{
    private const string Own = "version = 3\n[plugins.\"io.containerd.cri.v1.images\"]\n  max_concurrent_downloads = 5\n";

    [Theory]
    [InlineData(null)]
    [InlineData(Own)]
    public void The_drop_in_is_the_old_or_the_new_one_and_can_be_put_back(string? text)
    {
        var crashed = true;
        for (var operation = 0; crashed; operation++)
        {
            foreach (var inTheMiddle in new[] { false, true })
            {
                foreach (var (prepared, act) in new (bool, Action<K0sDropIn>)[] { (false, Write), (true, dropIn => dropIn.Cleanup()) })
                {
                    var host = Directory.CreateTempSubdirectory("peili-k0s-");
                    try
                    {
                        var before = Make(host.FullName, text);
                        var after = WrittenFrom(text);
                        if (prepared)
                        {
                            Write(Open(host.FullName, new UnflushedFiles()));
                        }

                        crashed = Crashes(() => act(Open(host.FullName, new CrashingFiles(operation, inTheMiddle))));

                        Read(host.FullName).ShouldBeOneOf(before, after);
                        Open(host.FullName, new UnflushedFiles()).Cleanup();
                        Read(host.FullName).ShouldBe(before);
                        Directory.GetFiles(Path.Combine(host.FullName, "etc/k0s/containerd.d")).Length.ShouldBe(text is null ? 0 : 1);
                    }
                    finally
                    {
                        host.Delete(recursive: true);
                    }
                }
            }
        }
    }

    private static K0sDropIn Open(string host, FileOperations files) => new(new HostRoot(host), "/state", files);

    private static void Write(K0sDropIn dropIn) => dropIn.Apply(dropIn.Plan(3).ShouldNotBeNull());

    private static string? Make(string host, string? text)
    {
        Directory.CreateDirectory(Path.Combine(host, "etc/k0s/containerd.d"));
        if (text is not null)
        {
            File.WriteAllText(PathIn(host), text);
        }

        return text;
    }

    private static string? WrittenFrom(string? text)
    {
        var host = Directory.CreateTempSubdirectory("peili-k0s-");
        Make(host.FullName, text);
        Write(Open(host.FullName, new UnflushedFiles()));
        var written = Read(host.FullName);
        host.Delete(recursive: true);
        return written.ShouldNotBeNull();
    }

    private static bool Crashes(Action act)
    {
        try
        {
            act();
            return false;
        }
        catch (CrashException)
        {
            return true;
        }
    }

    private static string? Read(string host) => File.Exists(PathIn(host)) ? File.ReadAllText(PathIn(host)) : null;

    private static string PathIn(string host) => Path.Combine(host, "etc/k0s/containerd.d/cri-registry.toml");
}
