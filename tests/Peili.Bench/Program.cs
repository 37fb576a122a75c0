using Peili.Bench;
using Peili.Bench.Clients;
using Peili.Bench.Herd;

return args switch
{
    [LoadClient.Command, .. var load] => await LoadClient.RunAsync(Load.Parse(load)),
    [HerdCommand.Name, .. var herd] => await HerdCommand.RunAsync(herd),
    [var part, ..] => await BenchCommand.RunAsync(part),
    [] => await BenchCommand.RunAsync(null),
};
