using System.Runtime.InteropServices;

namespace WebVmMap.Recording.Linux.Attach;

/// <summary><c>struct user_regs_struct</c> of x86-64 (linux/arch/x86/include/asm/user_64.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Registers
{
    public ulong R15;
    public ulong R14;
    public ulong R13;
    public ulong R12;
    public ulong Rbp;
    public ulong Rbx;
    public ulong R11;
    public ulong R10;
    public ulong R9;
    public ulong R8;
    public ulong Rax;
    public ulong Rcx;
    public ulong Rdx;
    public ulong Rsi;
    public ulong Rdi;

    /// <summary>Number of the system call that the thread is in; all ones when it is in none.</summary>
    public ulong OrigRax;
    public ulong Rip;
    public ulong Cs;
    public ulong Flags;
    public ulong Rsp;
    public ulong Ss;
    public ulong FsBase;
    public ulong GsBase;
    public ulong Ds;
    public ulong Es;
    public ulong Fs;
    public ulong Gs;
}
