using Peili.NodeAgent.Commands;
using Peili.NodeAgent.Hosting;

NativeHeap.ShareArenas();
return await AgentCommandLine.RunAsync(args);
