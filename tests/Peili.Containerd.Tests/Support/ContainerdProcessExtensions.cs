using Google.Protobuf.WellKnownTypes;
using Peili.Containerd.Api;
using Peili.Grpc;

namespace Peili.Containerd.Tests.Support;

internal static class ContainerdProcessExtensions
{
    public static ContainerdClient CreateClient(this ContainerdProcess containerd, string containerdNamespace = "k8s.io") =>
        new(containerd.Socket, containerdNamespace);

    public static async Task ImportAsync(this ContainerdProcess containerd, TestImage image, string containerdNamespace = "k8s.io")
    {
        using var archive = new MemoryStream();
        await image.WriteArchiveAsync(archive);
        archive.Position = 0;
        await containerd.CtrAsync(containerdNamespace, archive, "images", "import", "--no-unpack", "--all-platforms", "-");
    }

    /// <summary>Makes up one event after the other until the token fires.</summary>
    public static async Task PublishAsync(this ContainerdProcess containerd, string topic, TimeSpan every, CancellationToken until)
    {
        using var channel = GrpcChannel.ForAddress("unix://" + containerd.Socket);
        var headers = new Metadata();
        headers.Add("containerd-namespace", "k8s.io");
        var request = new PublishRequest { Topic = topic, Event = Any.Pack(new Empty(), "") };
        while (!until.IsCancellationRequested)
        {
            await channel.UnaryCallAsync(ContainerdMethods.Publish, request, new CallOptions(headers));
            await Task.Delay(every, until).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
