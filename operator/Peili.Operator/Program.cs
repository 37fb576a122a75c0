using Peili.Operator.Commands;

return await OperatorCommandLine.RunAsync(args);
