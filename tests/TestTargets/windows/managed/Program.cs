using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ManagedTarget;

/// <summary>
/// A .NET program that knows where its objects are, and what of its memory is none of the collector's. Prints it line by line,
/// name and number, then waits for the end of its input. One of its own reservations looks like the collector's: large, with
/// its beginning committed.
/// </summary>
internal static unsafe partial class Program
{
    private const uint Commit = 0x1000;
    private const uint Reserve = 0x2000;
    private const uint ReadWrite = 0x04;
    private const long Mib = 1 << 20;

    private static int Main()
    {
        Say("pid", Environment.ProcessId);
        var old = new byte[1000];
        // What survives twice is in the oldest generation; a compacting collection may move it for the last time.
        GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
        GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
        Say("committed", GC.GetGCMemoryInfo(GCKind.Any).TotalCommittedBytes);
        var young = new byte[1000];
        var large = new byte[200_000];
        var huge = new byte[40 * Mib];
        var pinned = GC.AllocateArray<byte>(1000, pinned: true);
        byte[][] objects = [old, young, large, huge, pinned];
        string[] names = ["gen2", "gen0", "large", "huge", "pinned"];
        var handles = new GCHandle[objects.Length];
        for (var i = 0; i < objects.Length; i++)
        {
            objects[i].AsSpan().Fill(1);
            handles[i] = GCHandle.Alloc(objects[i], GCHandleType.Pinned);
            Say(names[i], handles[i].AddrOfPinnedObject());
        }
        fixed (char* literal = "a literal of the program")
        {
            Say("literal", (nint)literal);
        }
        var block = (byte*)NativeMemory.Alloc((nuint)(80 * Mib));
        new Span<byte>(block, (int)(80 * Mib)).Fill(2);
        Say("nativeBlock", (nint)block);
        Say("nativeSmall", (nint)NativeMemory.AllocZeroed(100));
        var foreign = VirtualAlloc(0, (nuint)(1024 * Mib), Reserve, ReadWrite);
        new Span<byte>((byte*)VirtualAlloc(foreign, (nuint)(8 * Mib), Commit, ReadWrite), (int)(8 * Mib)).Fill(3);
        Say("nativeReserve", foreign);
        var committed = VirtualAlloc(0, (nuint)(300 * Mib), Reserve | Commit, ReadWrite);
        *(byte*)committed = 4;
        Say("nativeCommit", committed);
        Say("methodTable", typeof(Program).TypeHandle.Value);
        var code = typeof(Program).GetMethod(nameof(Jitted))!.MethodHandle;
        RuntimeHelpers.PrepareMethod(code);
        Say("code", code.GetFunctionPointer());
        int local;
        Say("stack", (nint)(&local));
        Console.WriteLine("ready");
        Console.In.ReadToEnd();
        foreach (var handle in handles)
        {
            handle.Free();
        }
        return 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Jitted(int value) => value * 3;

    private static void Say(string name, long number) => Console.WriteLine($"{name} {(ulong)number}");

    [LibraryImport("kernel32.dll", SetLastError = true)]
    private static partial nint VirtualAlloc(nint address, nuint size, uint type, uint protect);
}
