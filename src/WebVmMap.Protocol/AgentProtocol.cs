namespace WebVmMap.Protocol;

/// <summary>What both ends of the wire agree on beyond the messages themselves.</summary>
public static class AgentProtocol
{
    /// <summary>The version that <c>Hello</c> tells. A hub refuses one that it does not know.</summary>
    public const int Version = 1;

    /// <summary>Most bytes of a snapshot or a frame in one message, so that nothing large holds up a connection for long.</summary>
    public const int ChunkBytes = 256 * 1024;

    /// <summary>Most processes in one <c>ProcessList</c> message: with the longest texts allowed it stays below gRPC's 4 MB.</summary>
    public const int ProcessesPerMessage = 64;

    /// <summary>Most bytes of UTF-8 in any text of a process row; a longer one is cut and ends in an ellipsis.</summary>
    public const int TextBytes = 8 * 1024;
}
