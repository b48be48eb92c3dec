namespace WebVmMap.Symbols.DotNet;

/// <summary>Whose event it is.</summary>
internal enum NetTraceProvider
{
    /// <summary>One that nobody here asks for.</summary>
    Other,

    /// <summary>Microsoft-Windows-DotNETRuntime: what happens.</summary>
    Runtime,

    /// <summary>Microsoft-Windows-DotNETRuntimeRundown: what there is.</summary>
    Rundown,
}

/// <summary>An event as it lies in the trace; good until the next is read.</summary>
/// <param name="provider">Whose.</param>
/// <param name="id">Its number there.</param>
/// <param name="thread">The thread that wrote it.</param>
/// <param name="payload">Its fields.</param>
internal readonly ref struct NetTraceEvent(NetTraceProvider provider, int id, ulong thread, ReadOnlySpan<byte> payload)
{
    public NetTraceProvider Provider { get; } = provider;

    public int Id { get; } = id;

    public ulong Thread { get; } = thread;

    public ReadOnlySpan<byte> Payload { get; } = payload;
}
