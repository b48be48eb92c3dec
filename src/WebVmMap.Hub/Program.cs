using WebVmMap.Hub.Configuration;

return await HubCommandLine.RunAsync(args).ConfigureAwait(false);
