using WebVmMap.Probes.Windows;
using WebVmMap.Recording;
using WebVmMap.Recording.Linux;
using WebVmMap.Recording.Windows;

namespace WebVmMap.Agent.Recordings;

/// <summary>The recorder of the system that this runs on.</summary>
internal sealed class MachineRecorders : IRecorders
{
    // Starting a process, and stopping one, blocks: not on the caller's time.

    /// <inheritdoc/>
    public Task<IRecording> LaunchAsync(LaunchRequest request, RecorderOptions options, CancellationToken cancellation) =>
        Task.Run<IRecording>(() => Launch(request, options), cancellation);

    /// <inheritdoc/>
    public Task<IRecording> AttachAsync(AttachRequest request, RecorderOptions options, CancellationToken cancellation) =>
        Task.Run<IRecording>(() => Attach(request, options), cancellation);

    private static SymbolizedRecording Launch(LaunchRequest request, RecorderOptions options)
    {
        if (OperatingSystem.IsWindows())
        {
            var started = new WindowsRecorder(WindowsPaths.Of, options).Launch(request);
            return new SymbolizedRecording(started, CompiledCode.OfStarted(started.Pid, isOurMap: false), child => CompiledCode.OfStarted(child, isOurMap: false));
        }
        var recording = new LinuxRecorder(options).Launch(request);
        var isOurMap = !request.Environment.ContainsKey(LinuxRecorder.PerfMapVariable);
        return new SymbolizedRecording(recording, CompiledCode.OfStarted(recording.Pid, isOurMap), child => CompiledCode.OfStarted(child, isOurMap));
    }

    private static SymbolizedRecording Attach(AttachRequest request, RecorderOptions options)
    {
        // Before the tracer is there: what a runtime allocates to tell of its code is not the program's.
        var compiled = CompiledCode.Of(request.Process.Pid);
        try
        {
            return new SymbolizedRecording(OperatingSystem.IsWindows() ? new WindowsRecorder(WindowsPaths.Of, options).Attach(request) : new LinuxRecorder(options).Attach(request), compiled);
        }
        catch
        {
            compiled.Dispose();
            throw;
        }
    }
}
