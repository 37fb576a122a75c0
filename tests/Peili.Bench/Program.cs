using Peili.Bench;
using Peili.Bench.Clients;

return args is [LoadClient.Command, .. var load] ? await LoadClient.RunAsync(Load.Parse(load)) : await BenchCommand.RunAsync(args is [var part, ..] ? part : null);
