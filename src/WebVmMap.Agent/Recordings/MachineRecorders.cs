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
        Task.Run<IRecording>(() => new SymbolizedRecording(Launch(request, options)), cancellation);

    /// <inheritdoc/>
    public Task<IRecording> AttachAsync(AttachRequest request, RecorderOptions options, CancellationToken cancellation) =>
        Task.Run<IRecording>(() => new SymbolizedRecording(Attach(request, options)), cancellation);

    private static IRecording Launch(LaunchRequest request, RecorderOptions options) =>
        OperatingSystem.IsWindows() ? new WindowsRecorder(WindowsPaths.Of, options).Launch(request) : new LinuxRecorder(options).Launch(request);

    private static IRecording Attach(AttachRequest request, RecorderOptions options) =>
        OperatingSystem.IsWindows() ? new WindowsRecorder(WindowsPaths.Of, options).Attach(request) : new LinuxRecorder(options).Attach(request);
}
