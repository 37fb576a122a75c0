using Google.Protobuf.WellKnownTypes;
using Peili.Containerd.Api;
using Peili.Grpc;

namespace Peili.Containerd;

/// <summary>The methods of containerd's API that the agent calls.</summary>
internal static class ContainerdMethods
{
    private const string ContentService = "containerd.services.content.v1.Content";
    private const string EventsService = "containerd.services.events.v1.Events";

    public static readonly Method<Empty, VersionResponse> Version =
        new("containerd.services.version.v1.Version", "Version", VersionResponse.Parser);

    public static readonly Method<PluginsRequest, PluginsResponse> Plugins =
        new("containerd.services.introspection.v1.Introspection", "Plugins", PluginsResponse.Parser);

    public static readonly Method<ListImagesRequest, ListImagesResponse> ListImages =
        new("containerd.services.images.v1.Images", "List", ListImagesResponse.Parser);

    public static readonly Method<ListContentRequest, ListContentResponse> ListContent =
        new(ContentService, "List", ListContentResponse.Parser);

    public static readonly Method<InfoRequest, InfoResponse> ContentInfo = new(ContentService, "Info", InfoResponse.Parser);

    public static readonly Method<AbortRequest, Empty> AbortIngest = new(ContentService, "Abort", Empty.Parser);

    public static readonly Method<SubscribeRequest, Envelope> Subscribe = new(EventsService, "Subscribe", Envelope.Parser);

    public static readonly Method<PublishRequest, Empty> Publish = new(EventsService, "Publish", Empty.Parser);
}
