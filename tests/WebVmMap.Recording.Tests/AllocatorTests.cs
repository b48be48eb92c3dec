using WebVmMap.Core.Recordings;
using WebVmMap.Testing;

namespace WebVmMap.Recording.Tests;

/// <summary>
/// Each form of C++'s operator new counts once and for the function that called it, whatever allocator the program has: one whose operators
/// call malloc, which is recorded too, and ones that have operators of their own.
/// </summary>
public sealed class AllocatorTests
{
    private static readonly string[] s_forms =
        ["aligned", "aligned_array", "array", "held", "plain", "quiet", "quiet_aligned", "quiet_aligned_array", "quiet_array", "single"];

    public static TheoryData<string> Allocators => ["", "libjemalloc.so.2", "libmimalloc.so.2", "libtcmalloc_minimal.so.4"];

    [Theory]
    [MemberData(nameof(Allocators))]
    public async Task Launch_OperatorsWithTheAllocatorLinked_CountOnceForTheirCallers(string allocator)
    {
        var program = Compile(allocator);
        AssertIs(program, await Recorded.RunAsync([program.Path]));
    }

    [Theory]
    [MemberData(nameof(Allocators))]
    public async Task Launch_OperatorsWithTheAllocatorPreloaded_CountOnceForTheirCallers(string allocator)
    {
        var program = Compile("");
        AssertIs(program, await Recorded.RunAsync([program.Path], null, ("LD_PRELOAD", allocator)));
    }

    [Theory]
    [MemberData(nameof(Allocators))]
    public async Task Attach_OperatorsWithTheAllocatorLinked_CountOnceForTheirCallers(string allocator)
    {
        var program = Compile(allocator);
        await AttachAsync(program, program.Path, "told");
    }

    [Theory]
    [MemberData(nameof(Allocators))]
    public async Task Attach_OperatorsWithTheAllocatorPreloaded_CountOnceForTheirCallers(string allocator)
    {
        var program = Compile("");
        await AttachAsync(program, "env", $"LD_PRELOAD={allocator}", program.Path, "told");
    }

    private static async Task AttachAsync(RecordedProgram program, params string[] command)
    {
        using var told = ToldProgram.Start(command);
        await told.DoAsync("");
        for (var turn = 0; turn < 2; turn++)
        {
            await using var attachment = await Attachment.BeginAsync(told.Key);
            var said = await told.DoAsync("");
            AssertIs(program, await attachment.StopAsync(), said);
            // Between two recordings, by the allocator's own again.
            await told.DoAsync("");
        }
        Assert.Equal(0, await told.EndAsync());
    }

    private static void AssertIs(RecordedProgram program, Recorded recorded, IEnumerable<string>? output = null)
    {
        var said = Counts.Said(output ?? recorded.Output);
        Assert.Equal(s_forms, said.Keys);
        var found = recorded.ByFunction(program, AllocationKind.Heap);
        Assert.Equal(said.OrderBy(site => site.Key), said.Keys.Order().Select(name => KeyValuePair.Create(name, found.GetValueOrDefault(name))));
        Assert.Equal((0, 0), (recorded.Health.DroppedEvents, recorded.Health.MissedFrees));
    }

    // Before the C++ library, as a program that is linked with one has it.
    private static RecordedProgram Compile(string allocator) => allocator.Length == 0
        ? RecordedProgram.Compile("operators.cpp", "g++", "-std=c++17", "-pthread")
        : RecordedProgram.Compile("operators.cpp", "g++", "-std=c++17", "-pthread", "-Wl,--no-as-needed", $"-l:{allocator}");
}
