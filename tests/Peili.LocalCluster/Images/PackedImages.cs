using Peili.LocalCluster.Processes;

namespace Peili.LocalCluster.Images;

/// <summary>Peili's own images, as scripts/build-images packs them from what make build made.</summary>
/// <param name="WhyNot">Why they cannot be had here, in one line, or null.</param>
/// <param name="Archives">OCI archives, of the agent and of the operator.</param>
public sealed record PackedImages(string? WhyNot, IReadOnlyList<string> Archives)
{
    /// <summary>sysexits' EX_UNAVAILABLE: the script says so where Debian's packages cannot be had.</summary>
    private const int Unavailable = 69;

    /// <summary>Packs them: the same programs give the same bytes.</summary>
    /// <exception cref="InvalidOperationException">The script failed; the message has what it wrote.</exception>
    public static async Task<PackedImages> PackAsync(CancellationToken cancellationToken = default)
    {
        var folder = Checkout.PathOf("artifacts", "images");
        var result = await Command.RunAsync(Checkout.PathOf("scripts", "build-images"), [folder], "", cancellationToken);
        if (result.ExitCode == Unavailable)
        {
            return new PackedImages(result.Error.Trim(), []);
        }

        result.OutputOrThrow("build-images");
        return new PackedImages(null, [Path.Combine(folder, "peili-agent.tar"), Path.Combine(folder, "peili-operator.tar")]);
    }
}
