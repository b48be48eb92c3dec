using System.Runtime.InteropServices;
using WebVmMap.Recording.Linux.Attach;

namespace WebVmMap.Recording.Tests.Attach;

/// <summary>Where a thread may be made to call, and where it must be left alone.</summary>
public sealed class SafePointTests
{
    private const ulong Program = 0x1000, Libc = 0x2000, Loader = 0x3000, Allocator = 0x4000, SignalReturn = 0x2ff0;
    private const long Read = 0, Mmap = 9, Futex = 202, EpollWait = 232;
    private const ulong FutexWaitPrivate = 128, FutexWaitBitsetPrivate = 128 | 9;

    private static readonly SafePoint s_point = new(
        [(Libc, Libc + 0x1000, "libc.so.6"), (Loader, Loader + 0x1000, "ld-linux-x86-64.so.2"), (Allocator, Allocator + 0x1000, "libjemalloc.so.2")],
        [(Allocator, Allocator + 0x1000, "libjemalloc.so.2")],
        SignalReturn);

    [Theory]
    [InlineData(Program, null)]
    [InlineData(Libc, "running libc.so.6")]
    [InlineData(Libc + 0xfff, "running libc.so.6")]
    [InlineData(Loader, "running ld-linux-x86-64.so.2")]
    [InlineData(Allocator, "running libjemalloc.so.2")]
    [InlineData(Allocator + 0x1000, null)]
    public void Objection_ThreadThatRuns_IsWhereItsCodeMayHoldALock(ulong at, string? expected) =>
        Assert.Equal(expected, Objection(at, call: -1));

    [Theory]
    [InlineData(Read, 0UL, null)]
    [InlineData(EpollWait, 0UL, null)]
    [InlineData(Mmap, 0UL, "in system call 9")]
    // For a condition or a thread's end, and for a lock: whoever waits for a lock may be in the allocator.
    [InlineData(Futex, FutexWaitBitsetPrivate, null)]
    [InlineData(Futex, FutexWaitPrivate, "in system call 202")]
    public void Objection_ThreadInTheKernel_IsWhatItIsNotWaitingForFromOutside(long call, ulong second, string? expected) =>
        Assert.Equal(expected, Objection(Libc + 0x10, call, second));

    [Fact]
    public void Objection_WaitInTheLoader_IsThatItHoldsTheLoadersLock() =>
        Assert.Equal("reading in ld-linux-x86-64.so.2", Objection(Loader + 0x10, Read));

    [Theory]
    [InlineData(0, "waiting in libjemalloc.so.2")]
    [InlineData(63, "waiting in libjemalloc.so.2")]
    // Called long ago, or a value that stayed there.
    [InlineData(64, null)]
    public void Objection_WaitCalledByAnAllocator_IsThatAllocator(int word, string? expected) =>
        Assert.Equal(expected, Objection(Libc + 0x10, Read, stack: Stack(word, Allocator + 0x20)));

    [Theory]
    [InlineData(-1)]
    [InlineData(Read)]
    public void Objection_WithinASignalsHandler_IsThatWhereverItIs(long call)
    {
        Assert.Equal("in a signal's handler", Objection(Program, call, stack: Stack(5000, SignalReturn)));
        Assert.Null(new SafePoint([], [], signalReturn: 0).Objection(new Registers { Rip = Program, OrigRax = (ulong)call }, Stack(5000, SignalReturn)));
    }

    private static string? Objection(ulong at, long call, ulong second = 0, byte[]? stack = null) =>
        s_point.Objection(new Registers { Rip = at, OrigRax = (ulong)call, Rsi = second }, stack ?? new byte[SafePoint.StackBytes]);

    private static byte[] Stack(int word, ulong value)
    {
        var stack = new byte[SafePoint.StackBytes];
        MemoryMarshal.Write(stack.AsSpan(word * sizeof(ulong)), value);
        return stack;
    }
}
