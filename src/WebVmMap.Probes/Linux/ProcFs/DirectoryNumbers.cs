using System.Buffers.Binary;
using System.Buffers.Text;
using Microsoft.Win32.SafeHandles;

namespace WebVmMap.Probes.Linux.ProcFs;

/// <summary>Lists the entries of a directory, with no allocation for names that are not wanted.</summary>
internal static unsafe class DirectoryNumbers
{
    /// <summary>Looks at one entry's name, without its ending zero.</summary>
    internal delegate void Visitor<TState>(ReadOnlySpan<byte> name, TState state);

    /// <summary>Appends the numeric names of a directory: process ids of <c>/proc</c>, thread ids of <c>/proc/PID/task</c>.</summary>
    public static void Read(SafeFileHandle directory, List<int> numbers) => Visit(directory, numbers, static (name, numbers) =>
    {
        if (Utf8Parser.TryParse(name, out int number, out var used) && used == name.Length && number > 0)
        {
            numbers.Add(number);
        }
    });

    /// <summary>Calls for each entry, from the first, until the end or an error (the process may end while its threads are listed).</summary>
    public static void Visit<TState>(SafeFileHandle directory, TState state, Visitor<TState> visitor)
    {
        const int NameOffset = 19;
        if (Interop.Libc.LSeek(directory, 0, Interop.Libc.SEEK_SET) < 0)
        {
            return;
        }
        Span<byte> buffer = stackalloc byte[8192];
        while (true)
        {
            nint got;
            fixed (byte* p = buffer)
            {
                got = Interop.Libc.GetDents64(directory, p, (nuint)buffer.Length);
            }
            if (got <= 0)
            {
                return;
            }
            var rest = buffer[..(int)got];
            while (rest.Length > NameOffset)
            {
                int length = BinaryPrimitives.ReadUInt16LittleEndian(rest[16..]);
                if (length <= NameOffset || length > rest.Length)
                {
                    return;
                }
                var name = rest[NameOffset..length];
                var end = name.IndexOf((byte)0);
                visitor(end >= 0 ? name[..end] : name, state);
                rest = rest[length..];
            }
        }
    }
}
