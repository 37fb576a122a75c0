using System.Net;
using System.Net.Http.Headers;
using Peili.LocalCluster.Images;

namespace Peili.LocalCluster.Upstream;

/// <summary>Puts images into a registry (OCI distribution specification 1.1, "Push"). Blobs are streamed from their files.</summary>
internal sealed class RegistryPush(HttpClient client, string repository)
{
    internal async Task PushAsync(BuiltImage image, string tag, CancellationToken cancellationToken)
    {
        foreach (var blob in image.AllBlobs())
        {
            if (IsManifest(blob))
            {
                await PutManifestAsync(image, blob, blob == image.Root ? tag : blob.Digest, cancellationToken);
            }
            else
            {
                await PutBlobAsync(image, blob, cancellationToken);
            }
        }
    }

    private static bool IsManifest(BlobDescriptor blob) => blob.MediaType is OciJson.IndexType or OciJson.ManifestType;

    private async Task PutManifestAsync(BuiltImage image, BlobDescriptor blob, string reference, CancellationToken cancellationToken)
    {
        using var content = ContentOf(image, blob, blob.MediaType);
        using var response = await client.PutAsync(
            new Uri($"v2/{repository}/manifests/{reference}", UriKind.Relative), content, cancellationToken);
        await RequireAsync(response, HttpStatusCode.Created, cancellationToken);
    }

    private async Task PutBlobAsync(BuiltImage image, BlobDescriptor blob, CancellationToken cancellationToken)
    {
        using var question = new HttpRequestMessage(
            HttpMethod.Head, new Uri($"v2/{repository}/blobs/{blob.Digest}", UriKind.Relative));
        using var known = await client.SendAsync(question, cancellationToken);
        if (known.IsSuccessStatusCode)
        {
            return;
        }

        using var session = await client.PostAsync(
            new Uri($"v2/{repository}/blobs/uploads/", UriKind.Relative), content: null, cancellationToken);
        await RequireAsync(session, HttpStatusCode.Accepted, cancellationToken);
        var location = session.Headers.Location ?? throw new InvalidOperationException("the registry named no place to upload to");
        using var content = ContentOf(image, blob, "application/octet-stream");
        using var response = await client.PutAsync(
            new Uri($"{location}&digest={Uri.EscapeDataString(blob.Digest)}"), content, cancellationToken);
        await RequireAsync(response, HttpStatusCode.Created, cancellationToken);
    }

    private static StreamContent ContentOf(BuiltImage image, BlobDescriptor blob, string mediaType) =>
        new(File.OpenRead(image.PathOf(blob))) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } };

    private static async Task RequireAsync(HttpResponseMessage response, HttpStatusCode expected, CancellationToken cancellationToken)
    {
        if (response.StatusCode != expected)
        {
            var body = await response.Content.ReadAsStringAsync(cancellationToken);
            throw new InvalidOperationException(
                $"{response.RequestMessage?.Method} {response.RequestMessage?.RequestUri}: {(int)response.StatusCode} {body}");
        }
    }
}
