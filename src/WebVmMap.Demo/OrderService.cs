using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace WebVmMap.Demo;

/// <summary>
/// The leak: every order takes a native receipt buffer that nobody gives back. At its limit it gives all back and begins
/// anew, so that the demonstration may run for days.
/// </summary>
internal sealed unsafe class OrderService(long limitBytes) : IDisposable
{
    private const int ReceiptBytes = 24 << 10;

    private readonly List<nint> _receipts = [];

    /// <summary>Keeps one more receipt, about 480 KiB a second at twenty orders a second.</summary>
    // After some ten minutes the runtime compiles the loop that calls this anew, and would make it part of that: nobody would find it by its name.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void TakeOrder()
    {
        if ((_receipts.Count + 1L) * ReceiptBytes > limitBytes)
        {
            Dispose();
        }
        var receipt = (nint)NativeMemory.Alloc(ReceiptBytes);
        new Span<byte>((void*)receipt, ReceiptBytes).Fill(0x5A);
        _receipts.Add(receipt);
    }

    /// <summary>Gives all receipts back.</summary>
    public void Dispose()
    {
        foreach (var receipt in _receipts)
        {
            NativeMemory.Free((void*)receipt);
        }
        _receipts.Clear();
    }
}
