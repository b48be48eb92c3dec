using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace WebVmMap.Symbols.DotNet;

/// <summary>
/// The socket, on Windows the pipe, at which a .NET runtime takes questions about itself, and what is asked of it here:
/// https://github.com/dotnet/diagnostics/blob/main/documentation/design-docs/ipc-protocol.md
/// Nothing is waited for longer than <see cref="Patience"/>. Thread-safe.
/// </summary>
internal static class DiagnosticPort
{
    /// <summary>How long a runtime may take to answer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private const int HeadBytes = 20;
    // Each with the set of commands that it is of.
    private const ushort StopTracing = 0x0201;
    private const ushort CollectTracing2 = 0x0203;
    private const ushort CollectTracing3 = 0x0204;
    private const ushort PerfMapOff = 0x0406;
    private const byte Server = 0xff;
    private const string TooOld = "it is too old to send events";
    private const uint UnknownCommand = 0x80131385;

    private static ReadOnlySpan<byte> Magic => "DOTNET_IPC_V1\0"u8;

    /// <summary>Whether there is one.</summary>
    public static bool Exists(string path) => OperatingSystem.IsWindows() ? DiagnosticPipe.Exists(path) : File.Exists(path);

    /// <summary>Has a runtime send events.</summary>
    /// <param name="path">The socket.</param>
    /// <param name="provider">Name of what has the events.</param>
    /// <param name="keywords">Which of them.</param>
    /// <param name="level">Up to which detail.</param>
    /// <param name="megabytes">What the runtime may keep of them until they are read.</param>
    /// <param name="rundown">Whether it tells all that there is when it is stopped.</param>
    /// <returns>What stops it, and what the events come from; the caller's.</returns>
    /// <exception cref="IOException">The runtime cannot be reached, does not answer in time, or refuses; the message says which.</exception>
    public static (ulong Session, Stream Events) Collect(string path, string provider, ulong keywords, uint level, uint megabytes, bool rundown)
    {
        Stream stream;
        ulong session;
        try
        {
            // Since .NET 8: without the stack of each event, which nobody reads and the program would have to walk.
            stream = Ask(path, CollectTracing3, Wish(stacks: false), out session);
        }
        catch (IOException old) when (old.Message == TooOld)
        {
            stream = Ask(path, CollectTracing2, Wish(stacks: null), out session);
        }
        stream.ReadTimeout = Timeout.Infinite;
        return (session, stream);

        byte[] Wish(bool? stacks) => Payload(provider, keywords, level, megabytes, rundown, stacks);
    }

    /// <summary>Has it end, when all that was to be told is; the events then end too.</summary>
    /// <exception cref="IOException">The runtime cannot be reached, does not answer in time, or does not know the session.</exception>
    public static void Stop(string path, ulong session)
    {
        var payload = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(payload, session);
        Ask(path, StopTracing, payload, out _).Dispose();
    }

    /// <summary>Has it write no perf map any more.</summary>
    /// <exception cref="IOException">The runtime cannot be reached, does not answer in time, or is older than .NET 8.</exception>
    public static void DisablePerfMap(string path) => Ask(path, PerfMapOff, [], out _).Dispose();

    private static byte[] Payload(string provider, ulong keywords, uint level, uint megabytes, bool rundown, bool? stacks)
    {
        using var payload = new MemoryStream();
        using (var writer = new BinaryWriter(payload, Encoding.Unicode, leaveOpen: true))
        {
            writer.Write(megabytes);
            writer.Write(1u); // Nettrace
            writer.Write(rundown);
            if (stacks is { } wanted)
            {
                writer.Write(wanted);
            }
            writer.Write(1u);
            writer.Write(keywords);
            writer.Write(level);
            writer.Write(provider.Length + 1);
            writer.Write((provider + '\0').AsSpan());
            writer.Write(0u);
        }
        return payload.ToArray();
    }

    private static Stream Ask(string path, ushort command, byte[] payload, out ulong answer)
    {
        Stream? stream = null;
        try
        {
            stream = OperatingSystem.IsWindows() ? new DiagnosticPipe(path, Patience) : Connect(path);
            var message = new byte[HeadBytes + payload.Length];
            Magic.CopyTo(message);
            BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(14), (ushort)message.Length);
            (message[16], message[17]) = ((byte)(command >> 8), (byte)command);
            payload.CopyTo(message, HeadBytes);
            stream.Write(message);
            answer = Answer(stream);
            return stream;
        }
        catch (Exception failure) when (failure is SocketException or AggregateException or IOException or ArgumentException)
        {
            stream?.Dispose();
            throw failure switch
            {
                IOException { InnerException: SocketException { SocketErrorCode: SocketError.TimedOut or SocketError.WouldBlock } } =>
                    new IOException($"it did not answer within {Patience.TotalSeconds:0} seconds", failure),
                IOException { InnerException: null or OperationCanceledException or TimeoutException or UnauthorizedAccessException } => failure,
                AggregateException { InnerException: { } inner } => new IOException(inner.Message, failure),
                _ => new IOException(failure.Message, failure),
            };
        }
    }

    private static NetworkStream Connect(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            // A runtime that takes no connection any more: its backlog is full.
            return socket.ConnectAsync(new UnixDomainSocketEndPoint(path)).Wait(Patience)
                ? new NetworkStream(socket, ownsSocket: true) { ReadTimeout = (int)Patience.TotalMilliseconds, WriteTimeout = (int)Patience.TotalMilliseconds }
                : throw new IOException("it takes no connection");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static ulong Answer(Stream stream)
    {
        var head = new byte[HeadBytes + 8];
        stream.ReadExactly(head, 0, HeadBytes);
        var bytes = BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(14));
        if (!head.AsSpan().StartsWith(Magic) || head[16] != Server || bytes is < HeadBytes or > HeadBytes + 8)
        {
            throw new IOException("it answered something that is not understood");
        }
        stream.ReadExactly(head, HeadBytes, bytes - HeadBytes);
        if (head[17] != 0)
        {
            var error = BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(HeadBytes));
            throw new IOException(error == UnknownCommand ? TooOld : $"it refused with error 0x{error:x8}");
        }
        // Of a session its number; otherwise nothing that is used.
        return BinaryPrimitives.ReadUInt64LittleEndian(head.AsSpan(HeadBytes));
    }
}
