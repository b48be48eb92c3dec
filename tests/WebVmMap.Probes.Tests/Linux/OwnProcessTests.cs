using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using WebVmMap.Core.Regions;

namespace WebVmMap.Probes.Tests.Linux;

/// <summary>This test's own process: a .NET program with many threads, of which it is known where everything lies.</summary>
public sealed unsafe class OwnProcessTests
{
    [LinuxFact]
    public void TakeSnapshot_ObjectOfTheCollector_LiesInManagedHeap()
    {
        var array = new byte[200_000];
        fixed (byte* address = array)
        {
            var snapshot = Probing.Snapshot(Environment.ProcessId);
            Assert.Equal(
                (RegionCategory.ManagedHeap, "GC heap"),
                (snapshot.CategoryAt((ulong)address), snapshot.DetailAt((ulong)address)));
        }
    }

    [LinuxFact]
    public void TakeSnapshot_GeneratedCode_LiesInManagedHeap()
    {
        var code = (ulong)(delegate*<int, int>)&Generated;
        var snapshot = Probing.Snapshot(Environment.ProcessId);
        Assert.Equal((RegionCategory.ManagedHeap, "JIT code"), (snapshot.CategoryAt(code), snapshot.DetailAt(code)));
    }

    [LinuxFact]
    public void TakeSnapshot_NativeBlocks_LieInHeap()
    {
        foreach (var size in new nuint[] { 100, 1 << 20 })
        {
            var block = NativeMemory.AllocZeroed(size);
            ((byte*)block)[size - 1] = 1;
            try
            {
                Assert.Equal(RegionCategory.Heap, Probing.Snapshot(Environment.ProcessId).CategoryAt((ulong)block));
            }
            finally
            {
                NativeMemory.Free(block);
            }
        }
    }

    [LinuxFact]
    public void TakeSnapshot_StackOfANamedThread_SaysSo()
    {
        var detail = "";
        var category = RegionCategory.Unspecified;
        var thread = new Thread(() =>
        {
            var local = 0;
            var snapshot = Probing.Snapshot(Environment.ProcessId);
            category = snapshot.CategoryAt((ulong)&local);
            detail = snapshot.DetailAt((ulong)&local);
        })
        { Name = "probe-me" };
        thread.Start();
        thread.Join();
        Assert.Equal(RegionCategory.Stack, category);
        Assert.Matches(@"^Thread \d+ \(probe-me\)$", detail);
    }

    [LinuxFact]
    public void TakeSnapshot_RuntimeAndAssemblies_AreImages()
    {
        var snapshot = Probing.Snapshot(Environment.ProcessId);
        var exported = (ulong)NativeLibrary.GetExport(NativeLibrary.Load("libc.so.6"), "malloc");
        Assert.Equal(RegionCategory.Image, snapshot.CategoryAt(exported));
        Assert.EndsWith("/libc.so.6", snapshot.DetailAt(exported), StringComparison.Ordinal);
        Assert.Contains(
            Enumerable.Range(0, snapshot.Regions.Count),
            row => snapshot.Regions.Categories[row] == RegionCategory.Image
                && snapshot.Regions.DetailText(row).EndsWith("/System.Private.CoreLib.dll", StringComparison.Ordinal));
        Assert.True(snapshot.Process.Managed);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.NoOptimization)]
    private static int Generated(int value) => value + 1;
}
