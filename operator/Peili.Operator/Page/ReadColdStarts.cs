using Peili.AgentApi;

namespace Peili.Operator.Page;

/// <summary>Reads what the agents tell of cold starts at this moment, by node name: from the operator's watch, where no test has other answers.</summary>
internal delegate IReadOnlyDictionary<string, IReadOnlyList<FetchedBlob>> ReadColdStarts();
