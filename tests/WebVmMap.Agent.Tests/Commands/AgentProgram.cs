using System.Diagnostics;
using System.Reflection;

namespace WebVmMap.Agent.Tests.Commands;

/// <summary>Runs the built program, as its users do.</summary>
internal static class AgentProgram
{
    public static Process Start(params string[] arguments)
    {
        var path = typeof(AgentProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "AgentProgram").Value;
        Assert.NotNull(path);
        var start = new ProcessStartInfo(path, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Remove("WEBVMMAP_AGENT_KEY");
        return Process.Start(start) ?? throw new InvalidOperationException("The agent did not start.");
    }

    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
