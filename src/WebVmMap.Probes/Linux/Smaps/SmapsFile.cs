using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace WebVmMap.Probes.Linux.Smaps;

/// <summary>Streams an open smaps file through a parser. One read gives at most 4 KiB, whatever the buffer: whole records.</summary>
internal sealed unsafe class SmapsFile
{
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(64 * 1024, pinned: true);

    /// <summary>Reads from the start to the end.</summary>
    /// <returns>0, or an errno value.</returns>
    public int Read(SafeFileHandle file, SmapsParser parser, CancellationToken cancellation)
    {
        if (Interop.Libc.LSeek(file, 0, Interop.Libc.SEEK_SET) < 0)
        {
            return Marshal.GetLastPInvokeError();
        }
        var have = 0;
        fixed (byte* p = _buffer)
        {
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                var got = Interop.Libc.Read(file, p + have, (nuint)(_buffer.Length - have));
                if (got < 0)
                {
                    var error = Marshal.GetLastPInvokeError();
                    if (error == Interop.Libc.EINTR)
                    {
                        continue;
                    }
                    return error;
                }
                have += (int)got;
                // A record never fills the buffer (a path has at most 4096 bytes, escaped 16 KiB): one that does is none.
                var used = parser.Parse(_buffer.AsSpan(0, have), final: got == 0 || have == _buffer.Length);
                if (got == 0)
                {
                    return 0;
                }
                have -= used;
                if (have > 0 && used > 0)
                {
                    _buffer.AsSpan(used, have).CopyTo(_buffer);
                }
            }
        }
    }
}
