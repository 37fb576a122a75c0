namespace Peili.Containerd;

/// <summary>What the top level of a JSON object shows of the kind of manifest it is.</summary>
internal sealed class ManifestForm
{
    private bool _states;
    private string? _stated;

    public bool HasConfig { get; set; }

    public bool HasLayers { get; set; }

    public bool HasManifests { get; set; }

    public bool HasFsLayers { get; set; }

    public bool HasSignatures { get; set; }

    /// <summary>The stated type where the form or the type itself shows that this is a manifest, otherwise what the form shows.</summary>
    public string? MediaType => _states
        ? _stated is not null && (HasLayers || HasManifests || HasFsLayers || MediaTypes.IsManifest(_stated)) ? _stated : null
        : Deduced;

    // containerd refuses what could be read as an index and as a manifest (CVE-2021-41190), and so does this.
    private string? Deduced => (HasManifests, HasConfig && HasLayers, HasFsLayers) switch
    {
        (true, false, false) => MediaTypes.OciIndex,
        (false, true, false) => MediaTypes.OciManifest,
        (false, false, true) => HasSignatures ? MediaTypes.DockerManifestV1Signed : MediaTypes.DockerManifestV1,
        _ => null,
    };

    /// <summary>Notes that there is a <c>mediaType</c>.</summary>
    /// <param name="mediaType">Null when it is none that could be sent on.</param>
    public void States(string? mediaType)
    {
        _states = true;
        _stated = mediaType;
    }
}
