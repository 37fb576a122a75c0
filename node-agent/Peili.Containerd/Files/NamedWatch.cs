using System.Runtime.InteropServices;

namespace Peili.Containerd.Files;

/// <summary>Watches whatever directory has a name at the moment: it may come, go and be replaced.</summary>
/// <param name="inotify">What watches.</param>
/// <param name="directory">The name.</param>
/// <param name="unwatched">Told why it cannot be watched, once a reason; that there is none is no reason.</param>
internal sealed class NamedWatch(Inotify inotify, string directory, Action<string> unwatched)
{
    private const int NoSuchFile = 2;

    private volatile int _descriptor = -1;
    private int _lastError = NoSuchFile;

    /// <summary>The descriptor of the directory's events; negative while it is not watched.</summary>
    public int Descriptor => _descriptor;

    /// <summary>Watches the directory that now has the name; false when that is the same as before.</summary>
    public bool Attach()
    {
        var before = _descriptor;
        var descriptor = inotify.Watch(directory, InotifyMask.Names);
        if (descriptor < 0)
        {
            var error = -descriptor;
            if (error != _lastError && error != NoSuchFile && inotify.Failure is null)
            {
                unwatched(Marshal.GetPInvokeErrorMessage(error));
            }

            _lastError = error;
            descriptor = -1;
        }

        if (descriptor == before)
        {
            return false;
        }

        _descriptor = descriptor;
        if (before >= 0)
        {
            inotify.Unwatch(before);
        }

        return true;
    }

    /// <summary>Nothing is watched any more.</summary>
    public void End() => _descriptor = -1;
}
