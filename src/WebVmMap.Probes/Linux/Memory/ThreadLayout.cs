using System.Buffers.Binary;

namespace WebVmMap.Probes.Linux.Memory;

/// <summary>
/// Where glibc keeps what is to be known of a thread. The offsets are those that the target's own glibc publishes for
/// debuggers (nptl_db's <c>_thread_db_*</c> symbols: size in bits, count, offset).
/// </summary>
/// <param name="TidOffset">Of the thread id in a thread's descriptor.</param>
/// <param name="ListOffset">Of the links to the other threads; 0 when not published.</param>
/// <param name="StacksUsed">The head of the list of threads on stacks that glibc made; 0 when it cannot be found (before glibc 2.34).</param>
/// <param name="StacksOfUser">The head of the list of threads on stacks that the program made, the first thread among them.</param>
internal readonly record struct ThreadLayout(uint TidOffset, uint ListOffset, ulong StacksUsed, ulong StacksOfUser)
{
    /// <summary>What glibc 2.3x on x86-64 has: for a library that publishes nothing. A descriptor is believed only when it points to itself and holds a known thread id.</summary>
    public static ThreadLayout Usual { get; } = new(0x2d0, 0, 0, 0);

    /// <summary>Asks the target's libraries.</summary>
    /// <param name="memory">The target's memory.</param>
    /// <param name="library">glibc, or its libpthread before 2.34.</param>
    /// <param name="loader">glibc's loader, when it was found.</param>
    /// <returns>Null when they do not tell.</returns>
    public static ThreadLayout? TryRead(RemoteMemory memory, in MappedImage library, MappedImage? loader)
    {
        if (DynamicSymbols.Open(memory, library) is not { } symbols || Offset(memory, symbols, "_thread_db_pthread_tid") is not { } tid)
        {
            return null;
        }
        var layout = new ThreadLayout(tid, 0, 0, 0);
        if (loader is { } found
            && DynamicSymbols.Open(memory, found)?.Find("_rtld_global") is { } global and not 0
            && Offset(memory, symbols, "_thread_db_pthread_list") is { } list
            && Offset(memory, symbols, "_thread_db_rtld_global__dl_stack_used") is { } used
            && Offset(memory, symbols, "_thread_db_rtld_global__dl_stack_user") is { } user)
        {
            layout = layout with { ListOffset = list, StacksUsed = global + used, StacksOfUser = global + user };
        }
        return layout;
    }

    private static uint? Offset(RemoteMemory memory, DynamicSymbols symbols, string name)
    {
        const uint Sane = 1 << 20;
        Span<byte> descriptor = stackalloc byte[12];
        return symbols.Find(name) is var at and not 0
            && memory.TryRead(at, descriptor)
            && BinaryPrimitives.ReadUInt32LittleEndian(descriptor[8..]) is var offset and < Sane
            ? offset
            : null;
    }
}
