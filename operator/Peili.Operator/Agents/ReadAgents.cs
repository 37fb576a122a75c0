using System.Net;

namespace Peili.Operator.Agents;

/// <summary>Reads which agents there are to ask at this moment, by node name; none before there is a certificate to show them.</summary>
internal delegate IReadOnlyDictionary<string, IPEndPoint> ReadAgents();
