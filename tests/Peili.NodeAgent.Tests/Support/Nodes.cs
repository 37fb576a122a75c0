using Peili.Containerd;
using Peili.Containerd.Tests.Support;
using Peili.NodeAgent.Tests.Support;

[assembly: AssemblyFixture(typeof(Nodes))]

namespace Peili.NodeAgent.Tests.Support;

/// <summary>Two nodes that all tests share and none changes: one whose containerd holds images, and one whose containerd is empty.</summary>
public sealed class Nodes : IAsyncDisposable
{
    /// <summary>Large enough to be streamed.</summary>
    private const int LayerSize = TestBlob.Large;

    private readonly Lazy<Task<ContainerdProcess>> _holding;
    private readonly Lazy<Task<ContainerdProcess>> _empty;
    private readonly Lazy<Task<ContractNodes>> _contract;

    public Nodes()
    {
        _holding = new(StartHoldingAsync);
        _empty = new(() => ContainerdProcess.StartAsync());
        _contract = new(async () => await ContractNodes.StartAsync(this));
    }

    internal TestImage Image { get; } = TestImage.Create("registry.test/team/app:1", layers: 1, LayerSize);

    internal TestImage Index { get; } = TestImage.CreateIndex("registry.test/team/multi:1");

    internal TestImage Filtered { get; } = TestImage.Create("registry.test/secret/app:1", layers: 1, layerSize: 100);

    internal TestImage Refused { get; } = TestImage.Create("refused.test/team/app:1", layers: 1, layerSize: 100);

    /// <summary>In another namespace of the same containerd.</summary>
    internal TestImage Foreign { get; } = TestImage.Create("registry.test/foreign/app:1", layers: 1, layerSize: 100);

    internal Digest Layer => Image.Layers[0];

    internal Digest Configuration => Image.Blobs.Keys.Single(digest => digest != Image.Target && digest != Layer);

    internal Task<ContainerdProcess> HoldingAsync() => _holding.Value;

    internal Task<ContainerdProcess> EmptyAsync() => _empty.Value;

    internal Task<ContractNodes> ContractAsync() => _contract.Value;

    public async ValueTask DisposeAsync()
    {
        if (_contract is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            await (await _contract.Value).DisposeAsync();
        }

        foreach (var containerd in new[] { _holding, _empty })
        {
            if (containerd is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            {
                await (await containerd.Value).DisposeAsync();
            }
        }
    }

    private async Task<ContainerdProcess> StartHoldingAsync()
    {
        var containerd = await ContainerdProcess.StartAsync();
        foreach (var image in new[] { Image, Index, Filtered, Refused })
        {
            await containerd.ImportAsync(image);
        }

        await containerd.ImportAsync(Foreign, "foreign");
        return containerd;
    }
}
