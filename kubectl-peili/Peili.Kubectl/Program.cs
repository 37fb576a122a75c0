using Peili.Kubectl.Commands;

return await PluginCommandLine.RunAsync(args);
