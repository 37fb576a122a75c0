using System.Text.Json.Serialization;

namespace Peili.NodeAgent.Configuration;

/// <summary>JSON of a mirror's settings, without reflection.</summary>
[JsonSerializable(typeof(MirrorSettings))]
internal sealed partial class MirrorJson : JsonSerializerContext;
