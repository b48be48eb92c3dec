using WebVmMap.Agent.Commands;

return await AgentCommandLine.RunAsync(args, Console.Out, Console.Error);
