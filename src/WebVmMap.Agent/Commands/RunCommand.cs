using System.CommandLine;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using WebVmMap.Agent.Logging;
using WebVmMap.Agent.Recordings;
using WebVmMap.Agent.Service;
using WebVmMap.Agent.Uplink;
using WebVmMap.Probes;

namespace WebVmMap.Agent.Commands;

/// <summary><c>run</c>: connects this machine to a hub until it is told to end.</summary>
internal static class RunCommand
{
    /// <summary>Builds the command.</summary>
    /// <param name="log">Where log lines go.</param>
    public static Command Create(TextWriter log)
    {
        var hub = new HubOptions();
        var asService = new Option<bool>(WindowsInstallation.ServiceOption) { Hidden = true };
        var command = new Command("run", "Connects this machine to a hub until it is told to end.");
        hub.AddTo(command);
        command.Options.Add(asService);
        command.SetAction((parsed, _) =>
        {
            var options = hub.Read(parsed);
            return OperatingSystem.IsWindows() && parsed.GetValue(asService)
                ? Task.FromResult(WindowsService.Run((logger, stop) => RunAsync(options, logger, stop)))
                : RunUntilSignalAsync(options, log);
        });
        return command;
    }

    private static async Task<int> RunUntilSignalAsync(UplinkOptions options, TextWriter log)
    {
        using var stop = new CancellationTokenSource();
        void End(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        return await RunAsync(options, new LineLogger(log, TimeProvider.System), stop.Token);
    }

    private static async Task<int> RunAsync(UplinkOptions options, ILogger logger, CancellationToken stop)
    {
        var context = new AgentContext(options, HostProbe.ForThisMachine(), new MachineRecorders(), TimeProvider.System, logger);
        try
        {
            await new HubUplink(context, new ReconnectBackoff(Random.Shared.NextDouble)).RunAsync(stop);
            return ExitCode.Done;
        }
        catch (HubRefusedException exception)
        {
            throw CommandException.Failed(exception.Message);
        }
        finally
        {
            await context.Recordings.DisposeAsync();
        }
    }
}
