using WebVmMap.Testing;

namespace WebVmMap.Recording.Tests;

/// <summary>Stacks are those that libunwind takes at the same moment, return address by return address. benchmarks/run.sh stacks does it with big programs.</summary>
public sealed class StackTests
{
    public static TheoryData<string, int, string[]> Programs => new()
    {
        { "without frame pointers", 30_000, ["/usr/bin/python3", "-c", "import json\njson.dumps([{'a': i, 'b': str(i)} for i in range(5000)])"] },
        { "C++", 30_000, ["clang", "-fintegrated-cc1", "-x", "c", "-O2", "-c", "-o", "/dev/null", RecordedProgram.Allocations.Source] },
        { "made while it runs", 10_000, ["node", "-e", "const t = []; for (let i = 0; i < 20000; i++) t.push(JSON.stringify({ i, s: 'x'.repeat(i % 100) })); require('zlib').gzipSync(t.join(''))"] },
        { "in signal handlers", 300, [RecordedProgram.Allocations.Path, "signals"] },
        { "of any depth", 100, [RecordedProgram.Allocations.Path, "recursion"] },
        { "of many threads", 1_000, [RecordedProgram.Allocations.Path, "threads"] },
    };

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Stack_OfARealProgram_IsTheOneOfLibunwind(string kind, int events, string[] command)
    {
        var stacks = await ComparedStacks.RunAsync(command, TestContext.Current.CancellationToken, ("PYTHONMALLOC", "malloc"));
        Assert.True(stacks.Compared >= events, $"{kind}: {stacks.Compared} events");
        Assert.Equal(0, stacks.Untold);
        Assert.True(stacks.EqualShare >= 0.999, $"{kind}: {stacks.Equal} of {stacks.Compared} are equal\n{stacks.Text}");
        TestContext.Current.TestOutputHelper?.WriteLine($"{kind}: {stacks.Equal} of {stacks.Compared} are equal, {(double)stacks.Frames / stacks.Compared:0.0} frames\n{stacks.Text}");
    }
}
