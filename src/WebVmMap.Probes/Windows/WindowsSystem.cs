using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using WebVmMap.Core.Regions;

namespace WebVmMap.Probes.Windows;

/// <summary>What is the same for all processes of this machine. Thread-safe.</summary>
[SupportedOSPlatform("windows")]
internal sealed class WindowsSystem
{
    /// <summary>Asks the system.</summary>
    public WindowsSystem()
    {
        Version = ReadVersion();
        Interop.Kernel32.GetSystemInfo(out var info);
        Bounds = new AddressSpaceBounds(info.MinimumApplicationAddress, (ulong)info.MaximumApplicationAddress + 1, (int)info.AllocationGranularity);
        // Every process has ntdll at the same address until the machine starts anew.
        var ntdll = NativeLibrary.Load(Interop.Libraries.Ntdll, typeof(WindowsSystem).Assembly, DllImportSearchPath.System32);
        SystemDllInitBlock = NativeLibrary.TryGetExport(ntdll, "LdrSystemDllInitBlock", out var block) ? (ulong)block : 0;
        WineVersion = NativeLibrary.TryGetExport(ntdll, "wine_get_version", out var wine) ? ReadWineVersion(wine) : "";
    }

    /// <summary>Version of Windows, as it is and not as programs without a manifest are told.</summary>
    public (uint Major, uint Minor, uint Build, bool IsServer) Version { get; }

    /// <summary>Build number.</summary>
    public int Build => (int)Version.Build;

    /// <summary>The address space of 64-bit programs.</summary>
    public AddressSpaceBounds Bounds { get; }

    /// <summary>See <see cref="IWindowsProcess.SystemDllInitBlock"/>.</summary>
    public ulong SystemDllInitBlock { get; }

    /// <summary>Version of Wine, empty on Windows itself.</summary>
    public string WineVersion { get; }

    /// <summary>Kernel paths as people write them.</summary>
    public DosPaths Paths { get; } = new(Devices);

    private static unsafe (uint Major, uint Minor, uint Build, bool IsServer) ReadVersion()
    {
        const byte Workstation = 1;
        var version = new Interop.Ntdll.OsVersionInfo { Size = (uint)sizeof(Interop.Ntdll.OsVersionInfo) };
        _ = Interop.Ntdll.RtlGetVersion(ref version);
        return (version.Major, version.Minor, version.Build, version.ProductType != Workstation);
    }

    private static unsafe string ReadWineVersion(nint function) =>
        Marshal.PtrToStringUTF8(((delegate* unmanaged[Cdecl]<nint>)function)()) ?? "";

    /// <summary>Each drive letter with a colon, and the device behind it.</summary>
    public static unsafe List<KeyValuePair<string, string>> Devices()
    {
        const int Length = 1024;
        var target = stackalloc char[Length];
        var devices = new List<KeyValuePair<string, string>>();
        for (var letter = 'A'; letter <= 'Z'; letter++)
        {
            var drive = $"{letter}:";
            // The answer is a list of texts, the current one first, each ended by a zero.
            if (Interop.Kernel32.QueryDosDeviceW(drive, target, Length) > 0)
            {
                devices.Add(new(drive, new string(target)));
            }
        }
        return devices;
    }
}
