using Finks.Cli;

return await CommandTree.Build().RunAsync(args);
