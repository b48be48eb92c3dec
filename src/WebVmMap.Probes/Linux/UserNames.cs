using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;

namespace WebVmMap.Probes.Linux;

/// <summary>Names of users, asked once for each (a directory service may answer slowly). Thread-safe.</summary>
internal sealed unsafe class UserNames
{
    private const int BufferBytes = 16 * 1024;
    private const int MaxUsers = 10_000;
    private readonly ConcurrentDictionary<uint, string> _names = new();

    /// <summary>The user's name; the number where there is none.</summary>
    public string this[uint uid]
    {
        get
        {
            if (_names.TryGetValue(uid, out var name))
            {
                return name;
            }
            if (_names.Count > MaxUsers)
            {
                _names.Clear();
            }
            return _names.GetOrAdd(uid, Look(uid));
        }
    }

    private static string Look(uint uid)
    {
        var buffer = stackalloc byte[BufferBytes];
        Interop.Libc.Passwd entry;
        return Interop.Libc.GetPwUidR(uid, &entry, buffer, BufferBytes, out var found) == 0 && found != null
            ? Marshal.PtrToStringUTF8((nint)found->Name) ?? ""
            : uid.ToString(CultureInfo.InvariantCulture);
    }
}
