namespace Peili.Crds;

/// <summary>A field that is not as it must be.</summary>
/// <param name="Field">Its path, as in <c>spec.filters[0]</c>.</param>
/// <param name="Message">What must be, beginning with "must".</param>
public sealed record ValidationError(string Field, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Field}: {Message}";
}
