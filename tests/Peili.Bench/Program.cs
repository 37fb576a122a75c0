using Peili.Bench;
using Peili.Bench.Clients;
using Peili.Bench.Herd;

return args switch
{
    [LoadClient.Command, .. var load] => await LoadClient.RunAsync(Load.Parse(load)),
    [HerdCommand.Name, .. var herd] => await HerdCommand.RunAsync(herd),
    _ => await BenchCommand.RunAsync(),
};
