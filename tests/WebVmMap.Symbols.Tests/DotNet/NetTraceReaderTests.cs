using System.Buffers.Binary;
using WebVmMap.Symbols.DotNet;

namespace WebVmMap.Symbols.Tests.DotNet;

/// <summary>Traces of this very process, whole and damaged.</summary>
public sealed class NetTraceReaderTests
{
    private static readonly Lazy<byte[]> s_trace = new(Record);

    [Fact]
    public void Next_TraceOfARuntime_TellsItsMethodsAndLosesNothing()
    {
        var methods = new CompiledMethods();
        var (events, lost) = Read(s_trace.Value, methods);
        Assert.True(methods.Refresh() > 500, $"{methods.Refresh()} methods of {events} events.");
        Assert.Equal((0, ""), (lost, methods.Gap));
    }

    [Fact]
    public void Next_TraceThatBreaksOff_EndsThere()
    {
        var trace = s_trace.Value;
        var whole = Read(trace, new CompiledMethods()).Events;
        for (var length = 0; length < trace.Length; length += trace.Length / 200)
        {
            Assert.InRange(Read(trace[..length], new CompiledMethods()).Events, 0, whole);
        }
    }

    [Fact]
    public void Next_BytesThatWereChanged_AreReadOrRefusedWithAReason()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            var trace = s_trace.Value.ToArray();
            for (var i = random.Next(1, 20); i > 0; i--)
            {
                // Most at the front, where blocks say what is in them.
                trace[random.Next(random.Next(3) == 0 ? trace.Length : 4096)] = (byte)random.Next(256);
            }
            try
            {
                Read(trace, new CompiledMethods());
            }
            catch (InvalidDataException refused)
            {
                Assert.NotEmpty(refused.Message);
            }
            catch (Exception exception)
            {
                Assert.Fail($"Seed {seed}: {exception}");
            }
        }
    }

    [Fact]
    public void Next_AnotherFormat_IsRefused()
    {
        var refused = Assert.Throws<InvalidDataException>(() => Read([.. "Nettrace"u8, 0, 0, 0, 0, 6, 0, 0, 0, .. new byte[64]], new CompiledMethods()));
        Assert.Contains("its head makes no sense", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Next_SizeOfABlockThatIsNone_IsRefusedBeforeRoomIsMade()
    {
        var trace = s_trace.Value.ToArray();
        var block = trace.AsSpan().IndexOf("EventBlock"u8);
        BinaryPrimitives.WriteInt32LittleEndian(trace.AsSpan(block + 11), int.MaxValue);
        Assert.Contains("the size of a block", Assert.Throws<InvalidDataException>(() => Read(trace, new CompiledMethods())).Message, StringComparison.Ordinal);
    }

    private static (int Events, long Lost) Read(byte[] trace, CompiledMethods methods)
    {
        using var reader = new NetTraceReader(new MemoryStream(trace, writable: false));
        var events = 0;
        while (reader.Next(out var told))
        {
            methods.Take(told);
            events++;
        }
        methods.Refresh();
        methods.Find(0x1000);
        return (events, reader.Lost);
    }

    private static byte[] Record()
    {
        var socket = RuntimeProcess.Of(Environment.ProcessId).DiagnosticSocket;
        var (session, events) = DiagnosticPort.Collect(socket, "Microsoft-Windows-DotNETRuntime", 0, 1, 64, rundown: true);
        using (events)
        {
            var trace = new MemoryStream();
            var reading = new Thread(() => events.CopyTo(trace));
            reading.Start();
            DiagnosticPort.Stop(socket, session);
            reading.Join();
            return trace.ToArray();
        }
    }
}
