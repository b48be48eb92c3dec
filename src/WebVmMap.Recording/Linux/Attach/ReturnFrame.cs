using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace WebVmMap.Recording.Linux.Attach;

/// <summary>
/// What a thread that was made to call returns to: code that says so by a signal, which only this program sees, and then goes back to what the
/// thread was doing, as from a signal's handler, by a frame such as the kernel makes for one. This program stops it at the signal and puts
/// its registers back itself; but when this program has been killed meanwhile, the thread goes back on its own, and the signal is one that
/// does nothing. https://man7.org/linux/man-pages/man2/sigreturn.2.html
/// </summary>
internal static class ReturnFrame
{
    /// <summary>The signal: SIGURG, which is ignored where nobody asks for it.</summary>
    public const int Signal = 23;

    /// <summary>What it begins with: UC_FP_XSTATE, UC_SIGCONTEXT_SS, UC_STRICT_RESTORE_SS.</summary>
    public const ulong Flags = 7;

    /// <summary>How far behind the frame's beginning the code writes what the call returned.</summary>
    public const int ResultAt = 8;

    /// <summary>And where it writes a 1 first, as a word.</summary>
    public const int ReturnedAt = 16;

    /// <summary>Where a word lies that is not 0 when the thread was hurried, and is to wait its turn among others again.</summary>
    public const int HurriedAt = 32;

    /// <summary>What of <see cref="Code"/> has run when the signal comes.</summary>
    public const int AtSignal = 44;

    /// <summary>A multiple of eight bytes.</summary>
    public static ReadOnlySpan<byte> Code =>
    [
        0x48, 0x89, 0x44, 0x24, 0x08, // mov %rax, 8(%rsp): where no kernel looks at it
        0x48, 0xc7, 0x44, 0x24, 0x10, 1, 0, 0, 0, // movq $1, 16(%rsp)
        0xb8, 39, 0, 0, 0, 0x0f, 0x05, // getpid
        0x89, 0xc7, // mov %eax, %edi
        0xb8, 186, 0, 0, 0, 0x0f, 0x05, // gettid
        0x89, 0xc6, // mov %eax, %esi
        0xba, Signal, 0, 0, 0, // mov $SIGURG, %edx
        0xb8, 234, 0, 0, 0, 0x0f, 0x05, // tgkill
        0x83, 0x7c, 0x24, HurriedAt, 0, // cmpl $0, 32(%rsp): where no kernel looks at it either
        0x74, 16, // je over the next
        0x31, 0xff, 0x31, 0xf6, 0x48, 0x8d, 0x54, 0x24, HurriedAt + 4, 0xb8, 144, 0, 0, 0, 0x0f, 0x05, // sched_setscheduler(0, SCHED_OTHER, 36(%rsp))
        0xb8, 15, 0, 0, 0, 0x0f, 0x05, // rt_sigreturn
        0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc,
    ];

    // struct ucontext and struct sigcontext, linux/arch/x86/include/uapi/asm/{ucontext,sigcontext}.h
    private const int ContextAt = 40;
    private const int MaskAt = 296;
    private const int Bytes = 304;
    private const int LegacyBytes = 512;
    private const int LeastVectors = 576;
    private const int SoftwareAt = 464;

    /// <summary>Behind it: no flag of a signal's own stack, which stays as it is.</summary>
    public const ulong NoChange = 0xff;

    private const uint Magic1 = 0x46505853;
    private const uint Magic2 = 0x46505845;

    /// <summary>Makes one.</summary>
    /// <param name="top">It ends below here.</param>
    /// <param name="registers">What the thread goes on with.</param>
    /// <param name="vectors">And its vector registers, as <c>NT_X86_XSTATE</c> tells them.</param>
    /// <param name="signals">And the signals that it blocks.</param>
    /// <param name="at">Where it begins: a multiple of 16.</param>
    /// <returns>What is to lie there.</returns>
    public static byte[] Make(ulong top, in Registers registers, ReadOnlySpan<byte> vectors, ulong signals, out ulong at)
    {
        var size = VectorBytes(vectors);
        var vectorsAt = (top - (ulong)size - 4) & ~63UL;
        at = (vectorsAt - Bytes) & ~15UL;
        var frame = new byte[(int)(vectorsAt - at) + size + 4];
        BinaryPrimitives.WriteUInt64LittleEndian(frame, Flags);
        BinaryPrimitives.WriteUInt64LittleEndian(frame.AsSpan(24), NoChange);
        ReadOnlySpan<ulong> context =
        [
            registers.R8, registers.R9, registers.R10, registers.R11, registers.R12, registers.R13, registers.R14, registers.R15,
            registers.Rdi, registers.Rsi, registers.Rbp, registers.Rbx, registers.Rdx, registers.Rax, registers.Rcx, registers.Rsp, registers.Rip, registers.Flags,
            (registers.Cs & 0xffff) | (registers.Ss & 0xffff) << 48, 0, 0, 0, 0, vectorsAt,
        ];
        MemoryMarshal.AsBytes(context).CopyTo(frame.AsSpan(ContextAt));
        BinaryPrimitives.WriteUInt64LittleEndian(frame.AsSpan(MaskAt), signals);
        var state = frame.AsSpan((int)(vectorsAt - at));
        vectors[..size].CopyTo(state);
        var software = state[SoftwareAt..LegacyBytes];
        software.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(software, Magic1);
        BinaryPrimitives.WriteUInt32LittleEndian(software[4..], (uint)size + 4);
        BinaryPrimitives.WriteUInt64LittleEndian(software[8..], Held(vectors) | 3);
        BinaryPrimitives.WriteUInt32LittleEndian(software[16..], (uint)size);
        BinaryPrimitives.WriteUInt32LittleEndian(state[size..], Magic2);
        return frame;
    }

    // Which parts of the state are not as they are at the beginning.
    private static ulong Held(ReadOnlySpan<byte> vectors) => BinaryPrimitives.ReadUInt64LittleEndian(vectors[LegacyBytes..]);

    // To the end of the last part that is held: where each lies says the processor. Intel's manual, volume 1, 13.5.
    private static int VectorBytes(ReadOnlySpan<byte> vectors)
    {
        var size = LeastVectors;
        for (var held = Held(vectors) & ~3UL; held != 0; held &= held - 1)
        {
            var (bytes, from, _, _) = X86Base.CpuId(0xd, BitOperations.TrailingZeroCount(held));
            size = Math.Max(size, from + bytes);
        }
        return Math.Min(size, vectors.Length);
    }
}
