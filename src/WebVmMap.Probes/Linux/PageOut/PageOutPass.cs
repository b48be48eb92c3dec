using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using WebVmMap.Probes.Linux.Smaps;

namespace WebVmMap.Probes.Linux.PageOut;

/// <summary>
/// Asks the kernel to page out mapping after mapping of a process, many by one call. A mapping that it refuses is counted and passed
/// over. Used by one thread at a time.
/// </summary>
internal sealed unsafe class PageOutPass
{
    // A call holds the target's address space for reading: short enough to be stopped between, and far below the kernel's own
    // limit of 2 GiB for all vectors of a call.
    private const ulong BytesPerCall = 256 << 20;

    private readonly SafeFileHandle _process;
    private readonly Interop.Libc.IoVector[] _vectors = new Interop.Libc.IoVector[Interop.Libc.MaxIoVectors];
    private readonly int[] _regionOf = new int[Interop.Libc.MaxIoVectors];
    private int _count;
    private ulong _bytes;
    private PageOutTally _tally;

    private PageOutPass(SafeFileHandle process) => _process = process;

    /// <summary>Runs one.</summary>
    /// <param name="process">A pidfd.</param>
    /// <param name="regions">Its mappings; those with nothing in memory are passed over.</param>
    /// <param name="cancellation">Ends it between two calls.</param>
    public static PageOutTally Run(SafeFileHandle process, ReadOnlySpan<SmapsRegion> regions, CancellationToken cancellation)
    {
        var pass = new PageOutPass(process);
        for (var i = 0; i < regions.Length; i++)
        {
            // The area of vsyscall lies in the kernel's half and is nobody's to advise.
            if (regions[i].Rss == 0 || regions[i].End > long.MaxValue)
            {
                continue;
            }
            for (var at = regions[i].Start; at < regions[i].End;)
            {
                var length = Math.Min(regions[i].End - at, BytesPerCall - pass._bytes);
                pass.Add(i, at, length);
                at += length;
                if (pass.IsFull && !pass.Flush(regions, cancellation))
                {
                    return pass._tally;
                }
            }
        }
        pass.Flush(regions, cancellation);
        return pass._tally;
    }

    private bool IsFull => _count == _vectors.Length || _bytes == BytesPerCall;

    private void Add(int region, ulong address, ulong length)
    {
        _vectors[_count] = new Interop.Libc.IoVector { Address = address, Length = length };
        _regionOf[_count++] = region;
        _bytes += length;
    }

    /// <returns>False when it makes no sense to go on.</returns>
    private bool Flush(ReadOnlySpan<SmapsRegion> regions, CancellationToken cancellation)
    {
        var from = 0;
        while (from < _count)
        {
            cancellation.ThrowIfCancellationRequested();
            nint advised;
            fixed (Interop.Libc.IoVector* vectors = _vectors)
            {
                advised = Interop.Libc.ProcessMAdvise(Interop.Libc.ProcessMAdviseNumber, _process, vectors + from, _count - from, Interop.Libc.MADV_PAGEOUT, 0);
            }
            if (advised >= 0)
            {
                from = Skip(from, (ulong)advised);
                continue;
            }
            switch (Marshal.GetLastPInvokeError())
            {
                case Interop.Libc.EINTR:
                    break;
                case Interop.Libc.EINVAL:
                    Refused(regions[_regionOf[from++]]);
                    break;
                case Interop.Libc.ENOMEM or Interop.Libc.EFAULT:
                    // Unmapped since its mappings were read: there is nothing to page out.
                    from++;
                    break;
                case var error:
                    _tally.Error = error;
                    return false;
            }
        }
        _count = 0;
        _bytes = 0;
        return true;
    }

    /// <summary>The first vector that is not wholly advised; it was refused, and a call that begins with it says why.</summary>
    private int Skip(int from, ulong advised)
    {
        while (from < _count && advised >= _vectors[from].Length)
        {
            advised -= _vectors[from++].Length;
        }
        if (from < _count && advised > 0)
        {
            _vectors[from].Address += advised;
            _vectors[from].Length -= advised;
        }
        return from;
    }

    private void Refused(in SmapsRegion region)
    {
        if ((region.Flags & VmFlags.HugeTlb) != 0)
        {
            _tally.HugePages += region.SharedHugetlb + region.PrivateHugetlb;
        }
        else if (region.Locked > 0)
        {
            _tally.Locked += region.Rss;
        }
        else
        {
            _tally.Device += region.Rss;
        }
    }
}
