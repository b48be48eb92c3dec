using WebVmMap.Recording.Ring;

namespace WebVmMap.Recording.Windows;

/// <summary>
/// A ring in a section without a name. It is mapped whole, since a view can only begin at a multiple of 64 KiB, but its pages are reserved
/// until a side commits them: a ring that no thread uses costs nothing.
/// </summary>
internal sealed unsafe class WindowsRingMemory : RingMemory
{
    private readonly nint _section;
    private readonly byte* _view;

    private WindowsRingMemory(nint section, byte* view, RecorderOptions options)
        : base(view, options)
    {
        _section = section;
        _view = view;
    }

    /// <summary>Makes one that nobody else has yet.</summary>
    /// <exception cref="RecordingException">The system gives none.</exception>
    public static WindowsRingMemory Create(RecorderOptions options)
    {
        const long Bytes = RingLayout.FileBytes;
        var section = Kernel32.CreateFileMappingW(-1, 0, Kernel32.PAGE_READWRITE | Kernel32.SEC_RESERVE, (uint)(Bytes >> 32), unchecked((uint)Bytes), 0);
        if (section == 0)
        {
            throw NoMemory();
        }
        var view = (byte*)Kernel32.MapViewOfFile(section, Kernel32.SECTION_MAP_WRITE_READ, 0, 0, 0);
        if (view == null || !Commit(view, RingLayout.FirstSlot))
        {
            var refused = NoMemory();
            _ = view == null || Kernel32.UnmapViewOfFile((nint)view);
            _ = Kernel32.CloseHandle(section);
            throw refused;
        }
        return new WindowsRingMemory(section, view, options);
    }

    /// <summary>Gives a process a handle of it.</summary>
    /// <returns>The handle, as that process has it.</returns>
    /// <exception cref="RecordingException">It cannot be given one.</exception>
    public ulong GiveTo(TargetProcess process) =>
        Kernel32.DuplicateHandle(Kernel32.GetCurrentProcess(), _section, process.Handle, out var handle, Kernel32.SECTION_MAP_WRITE_READ, false, 0)
            ? handle
            : throw new RecordingException($"The memory could not be shared with the program: {Kernel32.LastError()}.");

    /// <summary>Maps its header once more, for who needs that longer than this; given back by <c>UnmapViewOfFile</c>.</summary>
    /// <exception cref="RecordingException">It cannot be.</exception>
    public byte* MapHeader()
    {
        var header = (byte*)Kernel32.MapViewOfFile(_section, Kernel32.SECTION_MAP_WRITE_READ, 0, 0, RingLayout.HeaderBytes);
        return header != null ? header : throw NoMemory();
    }

    /// <inheritdoc/>
    protected override byte* MapSlot(int number)
    {
        var slot = _view + RingLayout.FirstSlot + ((long)number * RingLayout.SlotBytes);
        return Commit(slot, RingLayout.SlotBytes) ? slot : throw NoMemory();
    }

    /// <inheritdoc/>
    protected override void Release(byte* header, IEnumerable<nint> slots)
    {
        _ = Kernel32.UnmapViewOfFile((nint)header);
        _ = Kernel32.CloseHandle(_section);
    }

    private static bool Commit(byte* at, int bytes) => Kernel32.VirtualAlloc((nint)at, (nuint)bytes, Kernel32.MEM_COMMIT, Kernel32.PAGE_READWRITE) != 0;

    private static RecordingException NoMemory() => new($"No memory could be had to share with the program: {Kernel32.LastError()}.");
}
