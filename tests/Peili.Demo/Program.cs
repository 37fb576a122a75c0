using Peili.Demo;

return await DemoCommand.RunAsync(args);
