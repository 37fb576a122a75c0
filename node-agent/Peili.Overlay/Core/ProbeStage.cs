namespace Peili.Overlay.Core;

/// <summary>How far a probe has got.</summary>
internal enum ProbeStage : byte
{
    Direct,
    Indirect,
    Tcp,
}
