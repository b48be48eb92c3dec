using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace WebVmMap.Probes.Linux.Memory;

/// <summary>
/// Reads another process's memory without stopping it. The system call takes a pid, not a handle, so what was read counts
/// only when the process is seen to be alive afterwards: then nobody else can have had its pid meanwhile.
/// </summary>
internal sealed unsafe class RemoteMemory(int pid)
{
    /// <summary>True once the system refused: every read then fails at once.</summary>
    public bool Denied { get; private set; }

    /// <summary>Fills a buffer from an address.</summary>
    /// <returns>False when not all of it can be read.</returns>
    public bool TryRead(ulong address, Span<byte> into)
    {
        if (Denied || address == 0 || address + (ulong)into.Length < address)
        {
            return false;
        }
        fixed (byte* p = into)
        {
            var local = new Interop.Libc.IoVector { Address = (ulong)p, Length = (ulong)into.Length };
            var remote = new Interop.Libc.IoVector { Address = address, Length = (ulong)into.Length };
            return Call(&local, &remote, 1) == into.Length;
        }
    }

    /// <summary>Reads a 64-bit number.</summary>
    public bool TryRead(ulong address, out ulong value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        var good = TryRead(address, bytes);
        value = good ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : 0;
        return good;
    }

    /// <summary>Reads a 32-bit number.</summary>
    public bool TryRead(ulong address, out uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        var good = TryRead(address, bytes);
        value = good ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : 0;
        return good;
    }

    /// <summary>
    /// Reads pieces of one length from many addresses, a thousand in a call; a piece that cannot be read becomes zeros.
    /// </summary>
    public void ReadMany(ReadOnlySpan<ulong> addresses, int length, Span<byte> into)
    {
        into[..(addresses.Length * length)].Clear();
        const int Batch = 256;
        var vectors = stackalloc Interop.Libc.IoVector[Batch];
        fixed (byte* p = into)
        {
            for (var at = 0; at < addresses.Length && !Denied;)
            {
                var count = Math.Min(Batch, addresses.Length - at);
                for (var i = 0; i < count; i++)
                {
                    vectors[i] = new() { Address = addresses[at + i], Length = (ulong)length };
                }
                var local = new Interop.Libc.IoVector { Address = (ulong)(p + at * length), Length = (ulong)(count * length) };
                var got = Call(&local, vectors, count);
                // It ends at the first piece that cannot be read: leave that one out.
                at += got == count * length ? count : (int)Math.Max(got, 0) / length + 1;
            }
        }
    }

    private nint Call(Interop.Libc.IoVector* local, Interop.Libc.IoVector* remote, int remoteCount)
    {
        var got = Interop.Libc.ProcessVmReadV(pid, local, 1, remote, (nuint)remoteCount, 0);
        if (got < 0 && Marshal.GetLastPInvokeError() is (Interop.Libc.EPERM or Interop.Libc.EACCES))
        {
            Denied = true;
        }
        return got;
    }
}
