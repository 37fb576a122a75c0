using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace Peili.AgentApi.Security;

/// <summary>Reads the SPIFFE id of a certificate: the URI among its subject alternative names (RFC 5280, section 4.2.1.6; SPIFFE X.509-SVID, section 2).</summary>
public static class PeerIdentity
{
    public const string Agent = "spiffe://peili.dev/agent";
    public const string Operator = "spiffe://peili.dev/operator";

    private const string SubjectAlternativeName = "2.5.29.17";
    private static readonly Asn1Tag UriTag = new(TagClass.ContextSpecific, 6);

    /// <summary>The peer's role; null when the certificate names none of ours, or is malformed.</summary>
    public static PeerRole? RoleOf(X509Certificate2 certificate)
    {
        foreach (var uri in UrisOf(certificate))
        {
            switch (uri)
            {
                case Agent:
                    return PeerRole.Agent;
                case Operator:
                    return PeerRole.Operator;
            }
        }

        return null;
    }

    private static List<string> UrisOf(X509Certificate2 certificate)
    {
        var uris = new List<string>();
        try
        {
            foreach (var extension in certificate.Extensions.Where(extension => extension.Oid?.Value == SubjectAlternativeName))
            {
                for (var names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence(); names.HasData;)
                {
                    if (names.PeekTag().HasSameClassAndValue(UriTag))
                    {
                        uris.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, UriTag));
                    }
                    else
                    {
                        names.ReadEncodedValue();
                    }
                }
            }
        }
        catch (AsnContentException)
        {
            // The certificate is of our own CA and malformed all the same: it has no identity.
            return [];
        }

        return uris;
    }
}
