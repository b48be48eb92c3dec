using WebVmMap.Core.Recordings;

namespace WebVmMap.Agent.Tests.Commands;

/// <summary>A .wvmr file, whole or as far as it is written.</summary>
internal static class RecordedFile
{
    public static RecordingState Read(string path)
    {
        using var stream = File.OpenRead(path);
        var state = new RecordingState();
        foreach (var interval in RecordingFile.Read(stream))
        {
            state.Apply(interval);
        }
        return state;
    }

    /// <summary>Waits until there is a file of this name and what it holds is as asked for.</summary>
    public static async Task<RecordingState> UntilAsync(string path, Func<RecordingState, bool> isSo)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(1));
        while (true)
        {
            if (File.Exists(path) && Read(path) is var state && isSo(state))
            {
                return state;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(10), patience.Token);
        }
    }
}
