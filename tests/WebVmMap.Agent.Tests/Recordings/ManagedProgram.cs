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

    /// <summary>The same of what was recorded: of each block of such a size the frame that called the method that takes memory.</summary>
    public SortedDictionary<long, (string Function, int Line)> Found(IEnumerable<long> sizes)
    {
        var found = new SortedDictionary<long, (string, int)>();
        var blocks = _recording.FindBlocks(new BlockQuestion { Top = 1_000_000 }).Blocks.ToLookup(block => block.Size);
        foreach (var size in sizes)
        {
            var sites = blocks[size].Select(block => block.Site).Distinct().ToArray();
            var frames = sites.Length == 1 ? Stack(sites[0]) : [];
            var taker = frames.FindIndex(frame => frame.Line.Function == "Told.Native.Take(Int32, String, Int32)");
            if (taker >= 0 && taker + 1 < frames.Count && frames[taker + 1] is var (line, module))
            {
                Assert.Equal(Module, module);
                Assert.EndsWith(line.Function.Contains("Program", StringComparison.Ordinal) ? "/Program.cs" : "/Shapes.cs", line.File, StringComparison.Ordinal);
                found.Add(size, (line.Function, line.Line));
            }
            else
            {
                found.Add(size, (string.Join(" < ", frames.Select(frame => frame.Line.Function)), sites.Length));
            }
        }
        return found;
    }

    /// <summary>The stack of a site, innermost first.</summary>
    public List<(CodeLine Line, string Module)> Stack(int site)
    {
        var frames = new List<(CodeLine, string)>();
        for (var node = State.Sites[site].Node; node >= 0; node = State.Nodes[node].Parent)
        {
            var frame = State.Nodes[node].Frame;
            var module = State.Frames[frame].Module is >= 0 and var number ? State.Modules[number].Path : "";
            frames.AddRange(State.Lines(frame) is { IsEmpty: false } lines ? lines.Select(line => (line, module)) : [(new CodeLine("", "", 0), module)]);
        }
        return frames;
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
