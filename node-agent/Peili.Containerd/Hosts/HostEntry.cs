using System.Globalization;
using System.Text;

namespace Peili.Containerd.Hosts;

/// <summary>Our host in a registry's hosts.toml: the agent's registry listener on this node.</summary>
/// <param name="Address">Its address, <c>http://127.0.0.1:29950</c>.</param>
/// <param name="Secret">What the listener wants in <see cref="RegistrySecretFile.HeaderName"/>; null when it wants nothing.</param>
public sealed record HostEntry(Uri Address, string? Secret)
{
    /// <summary>First line of our table.</summary>
    internal const string Begin = "# peili: begin. Written by peili-agent; `peili-agent cleanup` takes it out again.";

    /// <summary>Last line of our table.</summary>
    internal const string End = "# peili: end.";

    /// <summary>
    /// The table between its two marks. <c>dial_timeout</c> is known from containerd 2.0.7 on and ignored before; <c>referrers</c>
    /// is never listed, for containerd before 2.2 refuses the whole file.
    /// </summary>
    internal string ToToml()
    {
        var host = Address.GetLeftPart(UriPartial.Authority);
        var toml = new StringBuilder()
            .Append(Begin).Append('\n')
            .Append(CultureInfo.InvariantCulture, $"[host.\"{host}\"]\n")
            .Append("  capabilities = [\"pull\", \"resolve\"]\n")
            .Append("  dial_timeout = \"1s\"\n");
        if (Secret is not null)
        {
            toml.Append(CultureInfo.InvariantCulture, $"  [host.\"{host}\".header]\n")
                .Append(CultureInfo.InvariantCulture, $"    {RegistrySecretFile.HeaderName} = \"{Secret}\"\n");
        }

        return toml.Append(End).Append('\n').ToString();
    }
}
