using System.Runtime.InteropServices;

// On Windows the system's libraries are taken from where the system has them, and from nowhere else.
[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.System32)]

namespace WebVmMap.Symbols.Windows;

/// <summary>
/// What of DbgHelp is needed; https://learn.microsoft.com/windows/win32/api/dbghelp/ under the functions' own names. None of it may be
/// called by two threads at once.
/// </summary>
internal static unsafe partial class DbgHelp
{
    public const uint SYMOPT_UNDNAME = 0x2;
    public const uint SYMOPT_LOAD_LINES = 0x10;
    public const uint SYMOPT_FAIL_CRITICAL_ERRORS = 0x200;
    public const uint SYMOPT_NO_PROMPTS = 0x80000;

    /// <summary>Value of <c>SymType</c>: names were taken from what the module exports.</summary>
    public const int SymExport = 4;

    /// <summary>Value of <c>SymType</c>: there are none.</summary>
    public const int SymNone = 0;

    [LibraryImport("dbghelp")]
    public static partial uint SymSetOptions(uint options);

    [LibraryImport("dbghelp", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool SymInitializeW(nint session, string? searchPath, [MarshalAs(UnmanagedType.Bool)] bool invade);

    [LibraryImport("dbghelp", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool SymCleanup(nint session);

    [LibraryImport("dbghelp", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    public static partial ulong SymLoadModuleExW(nint session, nint file, string image, string? module, ulong start, uint bytes, nint data, uint flags);

    [LibraryImport("dbghelp", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool SymGetModuleInfoW64(nint session, ulong address, byte* module);

    [LibraryImport("dbghelp", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool SymFromAddrW(nint session, ulong address, out ulong displacement, byte* symbol);

    [LibraryImport("dbghelp", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool SymGetLineFromAddrW64(nint session, ulong address, out uint displacement, ref Line line);

    [LibraryImport("dbghelp", SetLastError = true)]
    public static partial uint SymAddrIncludeInlineTrace(nint session, ulong address);

    [LibraryImport("dbghelp", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool SymQueryInlineTrace(nint session, ulong startAddress, uint startContext, ulong startReturnAddress, ulong address, out uint context, out uint frame);

    [LibraryImport("dbghelp", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool SymFromInlineContextW(nint session, ulong address, uint context, out ulong displacement, byte* symbol);

    [LibraryImport("dbghelp", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool SymGetLineFromInlineContextW(nint session, ulong address, uint context, ulong module, out uint displacement, ref Line line);

    /// <summary><c>IMAGEHLP_LINEW64</c></summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Line
    {
        public uint Size;
        public nint Key;
        public uint Number;
        public char* File;
        public ulong Address;
    }

    /// <summary>Where the fields of <c>SYMBOL_INFOW</c> lie.</summary>
    public static class Symbol
    {
        public const int SizeAt = 0;
        public const int Size = 88;
        public const int NameLengthAt = 76;
        public const int MaxNameLengthAt = 80;
        public const int NameAt = 84;
        public const int MaxNameLength = 4096;
        public const int Bytes = NameAt + (MaxNameLength * 2);
    }

    /// <summary>Where the fields of <c>IMAGEHLP_MODULEW64</c> lie.</summary>
    public static class Module
    {
        public const int SizeAt = 0;
        public const int SymTypeAt = 32;
        public const int LoadedPdbNameAt = 1124;
        public const int LoadedPdbNameLength = 256;
        public const int LineNumbersAt = 3232;
        public const int Bytes = 3264;
    }
}
