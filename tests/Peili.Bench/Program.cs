using Peili.Bench;
using Peili.Bench.Clients;

return args is [Peili.Bench.Herd.HerdCommand.Name, .. var herd] ? await Peili.Bench.Herd.HerdCommand.RunAsync(herd) : args is [LoadClient.Command, .. var load] ? await LoadClient.RunAsync(Load.Parse(load)) : await BenchCommand.RunAsync();
