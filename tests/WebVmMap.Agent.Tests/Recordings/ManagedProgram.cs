using System.Globalization;
using System.Reflection;
using WebVmMap.Agent.Recordings;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Recordings;
using WebVmMap.Recording;

namespace WebVmMap.Agent.Tests.Recordings;

/// <summary>The .NET program of <c>tests/TestTargets/managed</c> under recording, and what it says of its own lines.</summary>
internal sealed class ManagedProgram : IAsyncDisposable
{
    // Whatever else this machine does meanwhile: nothing may be dropped.
    private static readonly RecorderOptions s_patient = new() { MaxWait = TimeSpan.FromMinutes(1) };

    private readonly IRecording _recording;
    private readonly Task _reading;

    private ManagedProgram(IRecording recording)
    {
        _recording = recording;
        _reading = Task.Run(ReadAsync);
    }

    /// <summary>Where its build put it.</summary>
    public static string Path { get; } = typeof(ManagedProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(metadata => metadata.Key == "ManagedProgram").Value!;

    /// <summary>Its module.</summary>
    public static string Module { get; } = System.IO.Path.GetFullPath(Path + ".dll");

    /// <summary>What was recorded, when the recording is over.</summary>
    public RecordingState State { get; } = new();

    public static async Task<ManagedProgram> AttachAsync(int pid) =>
        new(await new MachineRecorders().AttachAsync(new AttachRequest(new ProcessKey(pid, 0)), s_patient, TestContext.Current.CancellationToken));

    public static async Task<ManagedProgram> LaunchAsync(LaunchRequest request) =>
        new(await new MachineRecorders().LaunchAsync(request, s_patient, TestContext.Current.CancellationToken));

    public async Task StopAsync()
    {
        await _recording.StopAsync();
        await EndAsync();
    }

    /// <summary>Waits until the recording ends of itself.</summary>
    public Task EndAsync() => _reading.WaitAsync(TestContext.Current.CancellationToken);

    /// <summary>What it said: by the size of a block the method and the line that took it.</summary>
    public static SortedDictionary<long, (string Function, int Line)> Said(IEnumerable<string> lines)
    {
        var said = new SortedDictionary<long, (string, int)>();
        foreach (var words in lines.Select(line => line.Split('\t')).Where(words => words.Length == 3))
        {
            said.Add(long.Parse(words[0], CultureInfo.InvariantCulture), (words[2], int.Parse(words[1], CultureInfo.InvariantCulture)));
        }
        return said;
    }

    /// <summary>What was recorded is what the program said, and it said something.</summary>
    public void AssertIs(SortedDictionary<long, (string Function, int Line)> said)
    {
        Assert.NotEmpty(said);
        Assert.Equal(said, Found(said.Keys));
    }

    /// <summary>The same of what was recorded: of each block of such a size the frame that called the method that takes memory.</summary>
    private SortedDictionary<long, (string Function, int Line)> Found(IEnumerable<long> sizes)
    {
        var found = new SortedDictionary<long, (string, int)>();
        // What was there before has the size that can be used, which may be one of these.
        var blocks = _recording.FindBlocks(new BlockQuestion { Top = 1_000_000 }).Blocks.Where(block => !State.Sites[block.Site].BeforeRecording).ToLookup(block => block.Size);
        foreach (var size in sizes)
        {
            var sites = blocks[size].Select(block => block.Site).Distinct().ToArray();
            CodePlace[] calls = sites.Length == 1 ? [.. SiteCalls.Of(State, sites[0])] : [];
            var taker = Array.FindIndex(calls, call => call.Function == "Told.Native.Take(Int32, String, Int32)");
            if (taker >= 0 && taker + 1 < calls.Length && calls[taker + 1] is var caller)
            {
                Assert.Equal(Module, caller.Module);
                Assert.EndsWith(caller.Function.Contains("Program", StringComparison.Ordinal) ? "/Program.cs" : "/Shapes.cs", caller.File, StringComparison.Ordinal);
                found.Add(size, (caller.Function, caller.Line));
            }
            else
            {
                found.Add(size, (string.Join(" < ", calls.Select(call => call.Function)), sites.Length));
            }
        }
        return found;
    }

    public ValueTask DisposeAsync() => _recording.DisposeAsync();

    private async Task ReadAsync()
    {
        await foreach (var interval in _recording.ReadAsync(CancellationToken.None))
        {
            // As it travels: what cannot be told is found here.
            State.Apply(RecordingCodec.Decode(RecordingCodec.Encode(interval)));
        }
    }
}
