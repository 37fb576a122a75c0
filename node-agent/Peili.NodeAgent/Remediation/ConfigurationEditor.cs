using Peili.Containerd.Configuration;
using Peili.Toml;

namespace Peili.NodeAgent.Remediation;

/// <summary>
/// Edits containerd's configuration files so that a wish is fulfilled and nothing else changes. Every place where a setting could stand is tried on a
/// copy, for what counts depends on the release, the versions of the files and their order.
/// </summary>
internal sealed class ConfigurationEditor : IDisposable
{
    private const int UsualVersion = 3;

    private readonly string _root;
    private readonly Trial _trial;
    private readonly Dictionary<string, TomlDocument> _documents;
    private readonly Dictionary<string, string> _texts;
    private EffectiveConfiguration _now;

    /// <param name="root">The host's path of the root file, which may be absent.</param>
    /// <param name="configuration">What it and its imports are now.</param>
    public ConfigurationEditor(string root, EffectiveConfiguration configuration)
    {
        (_root, _now) = (root, configuration);
        _trial = new Trial(root, configuration);
        _documents = configuration.Files.ToDictionary(file => file.Path, file => Copy(file.Document, file.Path), StringComparer.Ordinal);
        _texts = _documents.ToDictionary(file => file.Key, file => file.Value.ToString(), StringComparer.Ordinal);
        if (_documents.Count == 0)
        {
            _documents[root] = TomlDocument.Parse($"version = {Math.Min(configuration.Release.MaxConfigVersion, UsualVersion)}\n", root);
        }
    }

    /// <summary>Fulfils a wish.</summary>
    /// <returns>The files that changed; null when no place in them does what is wished.</returns>
    public IReadOnlyList<(string Path, byte[] Content)>? Fulfil(Wish wish)
    {
        var done = (!wish.EnablesCri || EnableCri())
            && (wish.ConfigPath is not { } folder || Set(placement => placement.ConfigPath, folder, configuration => configuration.Images.ConfigPath))
            && (!wish.KeepsLayers || Set(placement => placement.DiscardUnpackedLayers, false, configuration => configuration.Images.DiscardUnpackedLayers))
            && _now is { Refusal: null, CriRefusal: null, CriDisabled: null };
        return done
            ? [.. _documents.Where(file => _texts.GetValueOrDefault(file.Key) != file.Value.ToString()).Select(file => (file.Key, file.Value.ToUtf8()))]
            : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _trial.Dispose();

    private bool Set<T>(Func<Placement, TomlStep[]> place, T value, Func<EffectiveConfiguration, Setting<T>> read)
        where T : notnull
    {
        var toml = value is bool flag ? (TomlValue)flag : value.ToString()!;
        foreach (var path in FilesFor(read(_now).Source))
        {
            var version = (int)(_documents[path].Find("version") is TomlScalar { Value: long number } ? number : 0);
            foreach (var placement in Placement.In(_documents[path], version, _now.Release, place))
            {
                var edited = Copy(_documents[path], path);
                if (TrySet(edited, place(placement), toml)
                    && _trial.With(path, edited) is { } then && Equals(read(then).Value, value) && Rest(then, read) == Rest(_now, read))
                {
                    (_documents[path], _now) = (edited, then);
                    return true;
                }

                _trial.With(path, _documents[path]);
            }
        }

        return false;
    }

    /// <summary>Takes the CRI plugin out of every list of disabled plugins, under each of its names.</summary>
    private bool EnableCri()
    {
        while (_now.CriDisabled is { Source: { } source })
        {
            var document = _documents[source.File];
            var list = document.Find("disabled_plugins")!.AsArray();
            var name = _now.CriDisabled.Value.Value;
            var index = list.TakeWhile(item => item is not TomlScalar { Value: string text } || text != name).Count();
            document.Remove("disabled_plugins", index);
            if (_trial.With(source.File, document) is not { } then)
            {
                return false;
            }

            _now = then;
        }

        return _now.CriDisabled is null;
    }

    /// <summary>The file that has the setting, then the others, the last read first, for it wins.</summary>
    private IEnumerable<string> FilesFor(SettingSource? source)
    {
        var files = _now.Files.Count == 0 ? [_root] : _now.Files.Select(file => file.Path).Reverse();
        return files.OrderBy(path => path != (source?.File ?? _root));
    }

    /// <summary>Everything that must stay as it is, besides the one setting.</summary>
    private static string Rest<T>(EffectiveConfiguration configuration, Func<EffectiveConfiguration, Setting<T>> setting)
    {
        var images = configuration.Images;
        object?[] rest =
        [
            images.ConfigPath.Equals(setting(configuration)) ? null : images.ConfigPath.Value,
            images.DiscardUnpackedLayers.Equals(setting(configuration)) ? null : images.DiscardUnpackedLayers.Value,
            images.UseLocalImagePull.Value, images.DisableSnapshotAnnotations.Value, images.MaxConcurrentDownloads.Value, images.ImagePullWithSyncFs.Value,
            images.Snapshotter.Value, configuration.SharingPolicy.Value,
            .. images.Mirrors.Concat(images.Configs).Concat(images.Auths).Select(registry => registry.Value),
        ];
        return string.Join('\n', rest);
    }

    private static bool TrySet(TomlDocument document, TomlStep[] path, TomlValue value)
    {
        try
        {
            document.Set(path, value);
            return true;
        }
        catch (InvalidOperationException)
        {
            // Something else than tables stands on the way there.
            return false;
        }
    }

    private static TomlDocument Copy(TomlDocument document, string path) => TomlDocument.Parse(document.ToString(), path);
}
