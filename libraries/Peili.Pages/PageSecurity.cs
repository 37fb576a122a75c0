using System.Net;

namespace Peili.Pages;

/// <summary>
/// Keeps other web sites out of a page on loopback, which asks nobody for a password: a browser on the same machine, or one behind a port-forward,
/// would read it for them.
/// </summary>
public static class PageSecurity
{
    private const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Says what the browser must not do with the answer.</summary>
    public static void AddHeaders(HttpResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        var headers = response.Headers;
        headers.ContentSecurityPolicy = ContentPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }

    /// <summary>Whether a request must be refused, with which status and why; null when it may be answered.</summary>
    public static (HttpStatusCode Status, string Reason)? Refuse(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        var host = http.Request.Host.Host;
        if (!IsOwnName(host, http.Connection.LocalIpAddress))
        {
            return (HttpStatusCode.MisdirectedRequest, "this is served under localhost, 127.0.0.1, [::1] and the address it listens on, not under another name: "
                + "open http://localhost with the port that was forwarded");
        }

        return IsFromOtherSite(http.Request.Headers) ? (HttpStatusCode.Forbidden, "another web site's page asked for this; only its own page may") : null;
    }

    /// <summary>A name that somebody else's DNS points here (rebinding) is none of these.</summary>
    private static bool IsOwnName(string host, IPAddress? local) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && (IPAddress.IsLoopback(address) || address.MapToIPv6().Equals(local?.MapToIPv6())));

    /// <summary>Browsers say so (Fetch Metadata, W3C); a link that a person follows is no such request.</summary>
    private static bool IsFromOtherSite(IHeaderDictionary headers) =>
        (string?)headers["Sec-Fetch-Site"] is "cross-site" or "same-site" && (string?)headers["Sec-Fetch-Mode"] != "navigate";
}
