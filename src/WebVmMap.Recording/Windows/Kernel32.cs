using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

// On Windows the system's libraries are taken from where the system has them, and from nowhere else.
[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.System32)]

namespace WebVmMap.Recording.Windows;

/// <summary>What of kernel32 and ntdll a recording needs; https://learn.microsoft.com/windows/win32/api/ under the functions' own names.</summary>
internal static unsafe partial class Kernel32
{
    public const uint PROCESS_ALL_NEEDED = 0x0002 | 0x0008 | 0x0010 | 0x0020 | 0x0040 | 0x0400 | 0x0800 | SYNCHRONIZE; // create thread, operate, read, write, duplicate, query, suspend
    public const uint PROCESS_SUSPEND_RESUME = 0x0800;
    public const uint PROCESS_QUERY_LIMITED_INFORMATION = 0x1000;
    public const uint SYNCHRONIZE = 0x0010_0000;
    public const uint THREAD_GET_CONTEXT = 0x0008;
    public const uint CREATE_SUSPENDED = 0x4;
    public const uint CREATE_UNICODE_ENVIRONMENT = 0x400;
    public const uint CREATE_NO_WINDOW = 0x0800_0000;
    public const uint STARTF_USESTDHANDLES = 0x100;
    public const uint MEM_COMMIT = 0x1000;
    public const uint MEM_RESERVE = 0x2000;
    public const uint MEM_RELEASE = 0x8000;
    public const uint MEM_FREE = 0x10000;
    public const uint PAGE_READWRITE = 0x04;
    public const uint PAGE_EXECUTE_READ = 0x20;
    public const uint PAGE_EXECUTE_READWRITE = 0x40;
    public const uint SEC_RESERVE = 0x0400_0000;
    public const uint SECTION_MAP_WRITE_READ = 0x6;
    public const uint TH32CS_SNAPTHREAD = 0x4;
    public const uint LIST_MODULES_ALL = 0x3;
    public const uint WAIT_OBJECT_0 = 0;
    public const ushort IMAGE_FILE_MACHINE_UNKNOWN = 0;
    public const ushort IMAGE_FILE_MACHINE_AMD64 = 0x8664;
    public const int ERROR_ACCESS_DENIED = 5;
    public const int ERROR_INVALID_PARAMETER = 87;

    [LibraryImport("kernel32", SetLastError = true)]
    public static partial SafeProcessHandle OpenProcess(uint access, [MarshalAs(UnmanagedType.Bool)] bool inherit, uint processId);

    [LibraryImport("kernel32", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool CreateProcessW(
        string? application, char* commandLine, nint processAttributes, nint threadAttributes, [MarshalAs(UnmanagedType.Bool)] bool inherit,
        uint flags, char* environment, string? directory, in StartupInfo startup, out ProcessInformation information);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool TerminateProcess(SafeProcessHandle process, uint exitCode);

    [LibraryImport("kernel32", SetLastError = true)]
    public static partial uint ResumeThread(nint thread);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool CloseHandle(nint handle);

    [LibraryImport("kernel32", SetLastError = true)]
    public static partial uint WaitForSingleObject(SafeProcessHandle handle, uint milliseconds);

    [LibraryImport("kernel32", SetLastError = true)]
    public static partial uint WaitForSingleObject(nint handle, uint milliseconds);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool IsWow64Process2(SafeProcessHandle process, out ushort processMachine, out ushort nativeMachine);

    [LibraryImport("kernel32", SetLastError = true)]
    public static partial ulong VirtualAllocEx(SafeProcessHandle process, ulong at, nuint bytes, uint type, uint protection);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool VirtualFreeEx(SafeProcessHandle process, ulong at, nuint bytes, uint type);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool VirtualProtectEx(SafeProcessHandle process, ulong at, nuint bytes, uint protection, out uint before);

    [LibraryImport("kernel32", SetLastError = true)]
    public static partial nuint VirtualQueryEx(SafeProcessHandle process, ulong at, out MemoryInformation information, nuint bytes);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool ReadProcessMemory(SafeProcessHandle process, ulong at, void* to, nuint bytes, out nuint read);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool WriteProcessMemory(SafeProcessHandle process, ulong at, void* from, nuint bytes, out nuint written);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool FlushInstructionCache(SafeProcessHandle process, ulong at, nuint bytes);

    [LibraryImport("kernel32", SetLastError = true)]
    public static partial nint CreateRemoteThread(SafeProcessHandle process, nint attributes, nuint stack, ulong start, ulong argument, uint flags, out uint threadId);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool GetExitCodeThread(nint thread, out uint exitCode);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool K32EnumProcessModulesEx(SafeProcessHandle process, ulong* modules, uint bytes, out uint needed, uint filter);

    [LibraryImport("kernel32", SetLastError = true)]
    public static partial uint K32GetModuleFileNameExW(SafeProcessHandle process, ulong module, char* name, uint length);

    [LibraryImport("kernel32", SetLastError = true)]
    public static partial nint CreateToolhelp32Snapshot(uint flags, uint processId);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool Thread32First(nint snapshot, ref ThreadEntry entry);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool Thread32Next(nint snapshot, ref ThreadEntry entry);

    [LibraryImport("kernel32", SetLastError = true)]
    public static partial nint OpenThread(uint access, [MarshalAs(UnmanagedType.Bool)] bool inherit, uint threadId);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool GetThreadContext(nint thread, void* context);

    [LibraryImport("kernel32", SetLastError = true)]
    public static partial nint CreateFileMappingW(nint file, nint attributes, uint protection, uint sizeHigh, uint sizeLow, nint name);

    [LibraryImport("kernel32", SetLastError = true)]
    public static partial nint MapViewOfFile(nint mapping, uint access, uint offsetHigh, uint offsetLow, nuint bytes);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool UnmapViewOfFile(nint at);

    [LibraryImport("kernel32", SetLastError = true)]
    public static partial nint VirtualAlloc(nint at, nuint bytes, uint type, uint protection);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool DuplicateHandle(nint fromProcess, nint handle, SafeProcessHandle toProcess, out ulong duplicate, uint access, [MarshalAs(UnmanagedType.Bool)] bool inherit, uint options);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool GetThreadTimes(nint thread, out long created, out long exited, out long kernel, out long user);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool GetProcessTimes(SafeProcessHandle process, out long created, out long exited, out long kernel, out long user);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool QueryFullProcessImageNameW(SafeProcessHandle process, uint flags, char* name, ref uint length);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool CheckRemoteDebuggerPresent(SafeProcessHandle process, [MarshalAs(UnmanagedType.Bool)] out bool debugged);

    [LibraryImport("kernel32")]
    public static partial nint GetCurrentThread();

    [LibraryImport("kernel32")]
    public static partial nint GetCurrentProcess();

    [LibraryImport("kernel32", SetLastError = true)]
    public static partial nint GetStdHandle(int which);

    [LibraryImport("ntdll")]
    public static partial int NtQueryInformationProcess(SafeProcessHandle process, int which, out BasicInformation information, uint bytes, nint needed);

    [LibraryImport("ntdll")]
    public static partial int NtSuspendProcess(SafeProcessHandle process);

    [LibraryImport("ntdll")]
    public static partial int NtResumeProcess(SafeProcessHandle process);

    /// <summary>The last error in words.</summary>
    public static string LastError() => Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError()).TrimEnd('.', ' ');

    /// <summary><c>STARTUPINFOW</c></summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct StartupInfo
    {
        public uint Size;
        public nint Reserved;
        public nint Desktop;
        public nint Title;
        public uint X;
        public uint Y;
        public uint XSize;
        public uint YSize;
        public uint XCountChars;
        public uint YCountChars;
        public uint FillAttribute;
        public uint Flags;
        public ushort ShowWindow;
        public ushort Reserved2Bytes;
        public nint Reserved2;
        public nint Input;
        public nint Output;
        public nint Error;
    }

    /// <summary><c>PROCESS_INFORMATION</c></summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ProcessInformation
    {
        public nint Process;
        public nint Thread;
        public uint ProcessId;
        public uint ThreadId;
    }

    /// <summary><c>MEMORY_BASIC_INFORMATION</c> of 64 bits</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct MemoryInformation
    {
        public ulong BaseAddress;
        public ulong AllocationBase;
        public uint AllocationProtect;
        public uint PartitionId;
        public ulong RegionSize;
        public uint State;
        public uint Protect;
        public uint Type;
        public uint Padding;
    }

    /// <summary><c>PROCESS_BASIC_INFORMATION</c></summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct BasicInformation
    {
        public nint ExitStatus;
        public nint Block;
        public nuint Affinity;
        public nint Priority;
        public nint ProcessId;
        public nint ParentId;
    }

    /// <summary><c>THREADENTRY32</c></summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ThreadEntry
    {
        public uint Size;
        public uint Usage;
        public uint ThreadId;
        public uint ProcessId;
        public int BasePriority;
        public int DeltaPriority;
        public uint Flags;
    }
}
