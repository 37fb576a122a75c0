using System.Net;

namespace Peili.Bench.Servers;

/// <summary>One of the servers to compare.</summary>
/// <param name="Address">Where it listens on its machine's loopback.</param>
/// <param name="Path">Where it has the blob.</param>
/// <param name="ProcessId">The process whose processor time, with its children's, is the server's.</param>
internal sealed record Server(IPEndPoint Address, string Path, int ProcessId);
