using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using WebVmMap.Agent.Commands;
using WebVmMap.Agent.Tests.Recordings;
using WebVmMap.Core.Recordings;
using WebVmMap.Recording;

namespace WebVmMap.Agent.Tests.Commands;

/// <summary><c>record</c> of recordings that fail when they have begun: nothing that was recorded is lost.</summary>
public sealed class RecordLateErrorTests : IDisposable
{
    private const string Problem = "The recording cannot go on.";

    private readonly string _folder = Directory.CreateTempSubdirectory("webvmmap-late-").FullName;
    private readonly ScriptedRecorders _recorders = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("taken.wvmr")]
    [InlineData("taken.pb.gz")]
    [InlineData("taken.folded")]
    [InlineData("taken.speedscope.json")]
    public async Task Record_FailsOnceItHasBegun_FileHoldsWhatWasRecorded(string name)
    {
        var file = Path.Combine(_folder, name);
        await File.WriteAllTextAsync(file, "an older recording", TestContext.Current.CancellationToken);
        _recorders.Next.Give(Interval(0, 2, 100));
        _recorders.Next.Give(Interval(1, 1, 23));
        _recorders.Next.End(new RecordingException(Problem));

        var (output, failed) = await FailAsync(file);

        Assert.Equal((ExitCode.Failed, $"{Problem} '{file}' holds what was recorded until then."), (failed.ExitCode, failed.Message));
        Assert.StartsWith("3 allocations, 123 bytes;", output, StringComparison.Ordinal);
        Assert.Equal(file, Assert.Single(Directory.EnumerateFiles(_folder)));
        Assert.Equal(123, await AllocatedBytesAsync(file));
    }

    [Theory]
    [InlineData("taken.wvmr")]
    [InlineData("taken.pb.gz")]
    public async Task Record_FailsWithNothingRecorded_LeavesTheOlderFileAsItWas(string name)
    {
        var file = Path.Combine(_folder, name);
        await File.WriteAllTextAsync(file, "an older recording", TestContext.Current.CancellationToken);
        _recorders.Next.End(new RecordingException(Problem));

        var (output, failed) = await FailAsync(file);

        Assert.Equal((ExitCode.Failed, Problem, ""), (failed.ExitCode, failed.Message, output));
        Assert.Equal("an older recording", await File.ReadAllTextAsync(Assert.Single(Directory.EnumerateFiles(_folder)), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Record_IntervalThatDoesNotFit_FileHoldsTheOnesBefore()
    {
        var file = Path.Combine(_folder, "taken.folded");
        _recorders.Next.Give(Interval(0, 2, 100));
        _recorders.Next.Give(Interval(2, 1, 23));

        var (_, failed) = await FailAsync(file);

        Assert.Equal((ExitCode.Failed, $"Interval 2 does not follow: 1 is next. '{file}' holds what was recorded until then."), (failed.ExitCode, failed.Message));
        Assert.Equal(100, await AllocatedBytesAsync(file));
    }

    [Fact]
    public async Task Record_FailsWithChildren_ThoseAreStoppedAndWritten()
    {
        var file = Path.Combine(_folder, "taken.wvmr");
        var child = new ScriptedRecorders.ScriptedChild { Pid = 5000 };
        child.Give(Interval(0, 4, 40));
        child.End();
        _recorders.Next.Children.Writer.TryWrite(child);
        _recorders.Next.Give(Interval(0, 2, 100));
        _recorders.Next.End(new RecordingException(Problem));

        var (output, failed) = await FailAsync(file, "--children");

        Assert.StartsWith(Problem, failed.Message, StringComparison.Ordinal);
        Assert.Contains("were 2 in all:", output, StringComparison.Ordinal);
        Assert.Equal(40, await AllocatedBytesAsync(Path.Combine(_folder, "taken.5000.wvmr")));
        Assert.Equal(100, await AllocatedBytesAsync(file));
        Assert.Equal(2, Directory.EnumerateFiles(_folder).Count());
    }

    private static RecordingInterval Interval(int index, long blocks, long bytes) => new()
    {
        Index = index,
        EndedAt = DateTimeOffset.UnixEpoch.AddSeconds(index),
        Sites = index == 0 ? [new AllocationSite(-1, AllocationKind.Heap)] : [],
        Allocated = [new SiteAllocated(0, blocks, bytes)],
        Health = new RecordingHealth { Events = 1 + index },
    };

    private static async Task<long> AllocatedBytesAsync(string file)
    {
        switch (RecordingOutput.FormatOf(file))
        {
            case RecordingFormat.Wvmr:
                return RecordedFile.Read(file).Total.AllocatedBytes;
            case RecordingFormat.Folded:
                return (await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken)).Sum(line => long.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
            case RecordingFormat.Speedscope:
                return JsonElement.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))
                    .GetProperty("profiles")[0].GetProperty("weights").EnumerateArray().Sum(weight => weight.GetInt64());
            default:
                // Its fields are the exporter's to test: here it is whole, and has the one figure.
                using (var profile = new MemoryStream())
                {
                    await using var packed = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
                    await packed.CopyToAsync(profile, TestContext.Current.CancellationToken);
                    return profile.ToArray().Contains((byte)123) ? 123 : 0;
                }
        }
    }

    private async Task<(string Output, CommandException Failed)> FailAsync(string file, params string[] options)
    {
        var output = new StringWriter();
        _recorders.Next.Children.Writer.Complete();
        var command = RecordCommand.Create(output, _recorders).Parse([.. options, "--output", file, "--", "program"]);
        Assert.Empty(command.Errors);
        var failed = await Assert.ThrowsAsync<CommandException>(
            () => command.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, TestContext.Current.CancellationToken));
        Assert.True(_recorders.Next.Disposed.Task.IsCompleted);
        return (output.ToString(), failed);
    }
}
