using EcomWorkflows.Server.Cli;

return await CommandLine.RunAsync(args);
