using Peili.NodeAgent.Commands;

return await AgentCommandLine.RunAsync(args);
