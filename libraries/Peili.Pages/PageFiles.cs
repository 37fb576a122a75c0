using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;

namespace Peili.Pages;

/// <summary>
/// The files of a page, which are part of the program: those that all pages share, and its own. <c>/</c> is its <c>index.html</c>, and every file
/// is found below <see cref="Folder"/>.
/// </summary>
public sealed class PageFiles
{
    /// <summary>Where the files are, also among an assembly's resources.</summary>
    public const string Folder = "/page/";

    private readonly FrozenDictionary<string, PageFile> _files;

    /// <summary>Reads them.</summary>
    /// <param name="own">Holds the page's own files as resources named <c>page/...</c>.</param>
    public PageFiles(Assembly own)
    {
        ArgumentNullException.ThrowIfNull(own);
        _files = new[] { typeof(PageFiles).Assembly, own }
            .SelectMany(assembly => assembly.GetManifestResourceNames().Where(name => ("/" + name).StartsWith(Folder, StringComparison.Ordinal)).Select(name => (assembly, name)))
            .ToFrozenDictionary(resource => "/" + resource.name, resource => Read(resource.assembly, resource.name), StringComparer.Ordinal);
    }

    /// <summary>The file at a path; null when there is none.</summary>
    public PageFile? Find(string? path) => _files.GetValueOrDefault(path is "/" or null ? Folder + "index.html" : path);

    /// <summary>Sends a file, or 304 to whoever has it.</summary>
    public static async Task SendAsync(HttpContext http, PageFile file)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(file);
        http.Response.Headers.ETag = file.Tag;
        http.Response.Headers.CacheControl = "no-cache";
        if (http.Request.Headers.IfNoneMatch.Contains(file.Tag))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        http.Response.ContentType = file.ContentType;
        http.Response.ContentLength = file.Content.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await http.Response.Body.WriteAsync(file.Content, http.RequestAborted);
        }
    }

    private static PageFile Read(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return new PageFile(content, TypeOf(name), $"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 8))}\"");
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        var other => throw new InvalidOperationException($"A page has a file of kind {other}, whose content type nobody has said."),
    };
}
