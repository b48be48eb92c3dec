using System.Collections.Immutable;
using System.Runtime.InteropServices;
using WebVmMap.Core.Formats;

namespace WebVmMap.Core.Recordings;

/// <summary>
/// Intervals of a recording as they travel from the agent to the hub and rest in its store (docs/formats.md "Recording"). Thread-safe.
/// </summary>
public static class RecordingCodec
{
    private const byte Version = 1;

    /// <summary>Writes an interval. The same interval always gives the same bytes; times are kept to the millisecond.</summary>
    /// <exception cref="ArgumentException">It is beyond <see cref="RecordingLimits"/>, or a figure of it cannot be.</exception>
    public static byte[] Encode(RecordingInterval interval)
    {
        using var writer = new FormatWriter();
        var texts = new IntervalTexts(interval);
        writer.Byte(Version);
        writer.Unsigned(interval.Index, "number of the interval");
        writer.ZigZag(interval.EndedAt.ToUnixTimeMilliseconds());
        WriteHealth(writer, interval.Health);
        texts.Write(writer);
        WriteModules(writer, interval.Modules, texts);
        WriteFrames(writer, interval.Frames);
        WriteNodes(writer, interval.Nodes);
        WriteSites(writer, interval.Sites);
        WriteSymbols(writer, interval.Symbols, texts);
        WriteAllocated(writer, interval.Allocated);
        WriteFreed(writer, interval.Freed, interval.Index);
        return writer.Written.Length <= RecordingLimits.MaxIntervalBytes
            ? writer.Written.ToArray()
            : throw new ArgumentException(
                $"The interval takes {writer.Written.Length} bytes; at most {RecordingLimits.MaxIntervalBytes} are permitted.");
    }

    /// <summary>Reads an interval from untrusted bytes. Whether its numbers fit those before is for <see cref="RecordingState"/> to say.</summary>
    /// <exception cref="InvalidDataException">It breaks a rule of the format, which the message names.</exception>
    public static RecordingInterval Decode(ReadOnlySpan<byte> data)
    {
        if (data.Length > RecordingLimits.MaxIntervalBytes)
        {
            throw new InvalidDataException($"The interval takes {data.Length} bytes; at most {RecordingLimits.MaxIntervalBytes} are allowed.");
        }
        var reader = new FormatReader(data);
        if (reader.Byte("version") is var version && version != Version)
        {
            throw new InvalidDataException($"The interval has version {version}; only {Version} is known.");
        }
        var index = (int)reader.Varint("number of the interval", RecordingLimits.MaxIntervals - 1);
        var endedAt = UnixTime.FromMilliseconds(reader.ZigZag("end of the interval"), "end of the interval");
        var health = ReadHealth(ref reader);
        var texts = IntervalTexts.Read(ref reader);
        var interval = new RecordingInterval
        {
            Index = index,
            EndedAt = endedAt,
            Health = health,
            Modules = ReadModules(ref reader, texts),
            Frames = ReadFrames(ref reader),
            Nodes = ReadNodes(ref reader),
            Sites = ReadSites(ref reader),
            Symbols = ReadSymbols(ref reader, texts),
            Allocated = ReadAllocated(ref reader),
            Freed = ReadFreed(ref reader, index),
        };
        reader.End();
        return interval;
    }

    private static void WriteHealth(FormatWriter writer, RecordingHealth health)
    {
        writer.Unsigned(health.Events, "number of events");
        writer.Unsigned(health.DroppedEvents, "number of dropped events");
        writer.Unsigned(health.Waits, "number of waits");
        writer.Unsigned(health.WaitedNs, "time waited");
        WriteReal(writer, health.RingFill, "fill of the ring");
        writer.Unsigned(health.Threads, "number of threads");
        writer.Unsigned(health.UnknownFrees, "number of unknown frees");
        writer.Unsigned(health.MissedFrees, "number of missed frees");
        writer.Unsigned(health.CutStacks, "number of cut stacks");
        writer.Unsigned(health.StoppedNs, "time stopped");
        WriteReal(writer, health.AgentCpuMs, "processor time");
        writer.Unsigned(health.LostBlocks, "number of lost blocks");
        writer.Unsigned(health.LostBytes, "number of lost bytes");
        writer.Unsigned(health.SampleBytes, "bytes to a sample");
        WriteReal(writer, health.TargetCpuMs, "processor time of the program");
        writer.Unsigned(health.NotFollowed, "number of processes not followed");
        writer.Byte((byte)health.Before);
        writer.Unsigned(health.BeforeUnwalkedBytes, "bytes of the heap not walked");
        writer.Unsigned(health.BeforeCountedOnly, "number of blocks only counted");
    }

    private static RecordingHealth ReadHealth(ref FormatReader reader) => new()
    {
        Events = Long(ref reader, "number of events"),
        DroppedEvents = Long(ref reader, "number of dropped events"),
        Waits = Long(ref reader, "number of waits"),
        WaitedNs = Long(ref reader, "time waited"),
        RingFill = ReadReal(ref reader, "fill of the ring"),
        Threads = (int)reader.Varint("number of threads", int.MaxValue),
        UnknownFrees = Long(ref reader, "number of unknown frees"),
        MissedFrees = Long(ref reader, "number of missed frees"),
        CutStacks = Long(ref reader, "number of cut stacks"),
        StoppedNs = Long(ref reader, "time stopped"),
        AgentCpuMs = ReadReal(ref reader, "processor time"),
        LostBlocks = Long(ref reader, "number of lost blocks"),
        LostBytes = Long(ref reader, "number of lost bytes"),
        SampleBytes = Long(ref reader, "bytes to a sample"),
        TargetCpuMs = ReadReal(ref reader, "processor time of the program"),
        NotFollowed = Long(ref reader, "number of processes not followed"),
        Before = reader.Byte("blocks from before") is var before && before <= (byte)HeapBefore.TooMany
            ? (HeapBefore)before
            : throw new InvalidDataException($"The state {before} of blocks from before does not exist."),
        BeforeUnwalkedBytes = Long(ref reader, "bytes of the heap not walked"),
        BeforeCountedOnly = Long(ref reader, "number of blocks only counted"),
    };

    private static void WriteModules(FormatWriter writer, ImmutableArray<RecordedModule> modules, IntervalTexts texts)
    {
        WriteCount(writer, modules.Length, "modules", RecordingLimits.MaxModules);
        foreach (var module in modules)
        {
            writer.Varint(texts[module.Path]);
            writer.Varint(texts[module.BuildId]);
            writer.Varint(texts[module.Symbols]);
        }
    }

    private static ImmutableArray<RecordedModule> ReadModules(ref FormatReader reader, string[] texts)
    {
        var modules = new RecordedModule[reader.Count("modules", RecordingLimits.MaxModules)];
        foreach (ref var module in modules.AsSpan())
        {
            module = new RecordedModule(Text(ref reader, texts), Text(ref reader, texts), Text(ref reader, texts));
        }
        return ImmutableCollectionsMarshal.AsImmutableArray(modules);
    }

    private static void WriteFrames(FormatWriter writer, ImmutableArray<RecordedFrame> frames)
    {
        WriteCount(writer, frames.Length, "frames", RecordingLimits.MaxFrames);
        var before = default(RecordedFrame);
        foreach (var frame in frames)
        {
            Check(frame.Module, -1, RecordingLimits.MaxModules, "module of a frame");
            writer.ZigZag(frame.Module - before.Module);
            writer.ZigZag(unchecked((long)(frame.Offset - before.Offset)));
            before = frame;
        }
    }

    private static ImmutableArray<RecordedFrame> ReadFrames(ref FormatReader reader)
    {
        var frames = new RecordedFrame[reader.Count("frames", RecordingLimits.MaxFrames)];
        var module = 0L;
        var offset = 0UL;
        foreach (ref var frame in frames.AsSpan())
        {
            Step(ref reader, ref module, -1, RecordingLimits.MaxModules, "module of a frame");
            offset = unchecked(offset + (ulong)reader.ZigZag("offset of a frame"));
            frame = new RecordedFrame((int)module, offset);
        }
        return ImmutableCollectionsMarshal.AsImmutableArray(frames);
    }

    private static void WriteNodes(FormatWriter writer, ImmutableArray<RecordedNode> nodes)
    {
        WriteCount(writer, nodes.Length, "nodes", RecordingLimits.MaxNodes);
        var before = default(RecordedNode);
        foreach (var node in nodes)
        {
            Check(node.Parent, -1, RecordingLimits.MaxNodes, "parent of a node");
            Check(node.Frame, 0, RecordingLimits.MaxFrames, "frame of a node");
            writer.ZigZag(node.Parent - before.Parent);
            writer.ZigZag(node.Frame - before.Frame);
            before = node;
        }
    }

    private static ImmutableArray<RecordedNode> ReadNodes(ref FormatReader reader)
    {
        var nodes = new RecordedNode[reader.Count("nodes", RecordingLimits.MaxNodes)];
        var parent = 0L;
        var frame = 0L;
        foreach (ref var node in nodes.AsSpan())
        {
            Step(ref reader, ref parent, -1, RecordingLimits.MaxNodes, "parent of a node");
            Step(ref reader, ref frame, 0, RecordingLimits.MaxFrames, "frame of a node");
            node = new RecordedNode((int)parent, (int)frame);
        }
        return ImmutableCollectionsMarshal.AsImmutableArray(nodes);
    }

    private static void WriteSites(FormatWriter writer, ImmutableArray<AllocationSite> sites)
    {
        WriteCount(writer, sites.Length, "sites", RecordingLimits.MaxSites);
        var before = 0;
        foreach (var site in sites)
        {
            Check(site.Node, -1, RecordingLimits.MaxNodes, "node of a site");
            writer.ZigZag(site.Node - before);
            writer.Byte((byte)((byte)site.Kind << 1 | (site.BeforeRecording ? 1 : 0)));
            writer.Byte(site.SizeClass);
            before = site.Node;
        }
    }

    private static ImmutableArray<AllocationSite> ReadSites(ref FormatReader reader)
    {
        var sites = new AllocationSite[reader.Count("sites", RecordingLimits.MaxSites)];
        var node = 0L;
        foreach (ref var site in sites.AsSpan())
        {
            Step(ref reader, ref node, -1, RecordingLimits.MaxNodes, "node of a site");
            var flags = reader.Byte("kind of a site");
            var kind = (AllocationKind)(flags >> 1);
            var size = reader.Byte("size class of a site");
            if (size > SizeClass.Largest)
            {
                throw new InvalidDataException($"The size class {size} of a site does not exist.");
            }
            site = kind is AllocationKind.Heap or AllocationKind.Virtual
                ? new AllocationSite((int)node, kind, (flags & 1) != 0, size)
                : throw new InvalidDataException($"The kind of site {flags >> 1} does not exist.");
        }
        return ImmutableCollectionsMarshal.AsImmutableArray(sites);
    }

    private static void WriteSymbols(FormatWriter writer, ImmutableArray<FrameSymbols> symbols, IntervalTexts texts)
    {
        WriteCount(writer, symbols.Length, "names of frames", RecordingLimits.MaxFrames);
        var before = 0;
        foreach (var frame in symbols)
        {
            Check(frame.Frame, 0, RecordingLimits.MaxFrames, "frame of a name");
            if (frame.Lines.IsDefaultOrEmpty || frame.Lines.Length > RecordingLimits.MaxLines)
            {
                throw new ArgumentException($"A frame has {(frame.Lines.IsDefault ? 0 : frame.Lines.Length)} lines; 1 to {RecordingLimits.MaxLines} are permitted.");
            }
            Check(frame.Module, -1, RecordingLimits.MaxModules, "module of a name");
            writer.ZigZag(frame.Frame - before);
            writer.Varint((ulong)(frame.Module + 1));
            writer.Varint((ulong)frame.Lines.Length);
            before = frame.Frame;
            foreach (var line in frame.Lines)
            {
                writer.Varint(texts[line.Function]);
                writer.Varint(texts[line.File]);
                writer.Unsigned(line.Line, "line");
            }
        }
    }

    private static ImmutableArray<FrameSymbols> ReadSymbols(ref FormatReader reader, string[] texts)
    {
        var symbols = new FrameSymbols[reader.Count("names of frames", RecordingLimits.MaxFrames)];
        var number = 0L;
        foreach (ref var frame in symbols.AsSpan())
        {
            Step(ref reader, ref number, 0, RecordingLimits.MaxFrames, "frame of a name");
            var module = (int)reader.Varint("module of a name", RecordingLimits.MaxModules) - 1;
            var count = reader.Count("lines of a frame", RecordingLimits.MaxLines);
            if (count == 0)
            {
                throw new InvalidDataException("The name of a frame has no line.");
            }
            var lines = new CodeLine[count];
            foreach (ref var line in lines.AsSpan())
            {
                line = new CodeLine(Text(ref reader, texts), Text(ref reader, texts), (int)reader.Varint("line", int.MaxValue));
            }
            frame = new FrameSymbols((int)number, ImmutableCollectionsMarshal.AsImmutableArray(lines), module);
        }
        return ImmutableCollectionsMarshal.AsImmutableArray(symbols);
    }

    private static void WriteAllocated(FormatWriter writer, ImmutableArray<SiteAllocated> allocated)
    {
        WriteCount(writer, allocated.Length, "allocations by site", RecordingLimits.MaxChanges);
        var before = 0;
        foreach (var change in allocated)
        {
            Check(change.Site, 0, RecordingLimits.MaxSites, "site of an allocation");
            writer.ZigZag(change.Site - before);
            writer.Unsigned(change.Blocks, "number of blocks");
            writer.Unsigned(change.Bytes, "number of bytes");
            before = change.Site;
        }
    }

    private static ImmutableArray<SiteAllocated> ReadAllocated(ref FormatReader reader)
    {
        var allocated = new SiteAllocated[reader.Count("allocations by site", RecordingLimits.MaxChanges)];
        var site = 0L;
        foreach (ref var change in allocated.AsSpan())
        {
            Step(ref reader, ref site, 0, RecordingLimits.MaxSites, "site of an allocation");
            change = new SiteAllocated((int)site, Long(ref reader, "number of blocks"), Long(ref reader, "number of bytes"));
        }
        return ImmutableCollectionsMarshal.AsImmutableArray(allocated);
    }

    private static void WriteFreed(FormatWriter writer, ImmutableArray<SiteFreed> freed, int index)
    {
        WriteCount(writer, freed.Length, "frees by site", RecordingLimits.MaxChanges);
        var before = 0;
        foreach (var change in freed)
        {
            Check(change.Site, 0, RecordingLimits.MaxSites, "site of a free");
            Check(change.Born, -1, index + 1L, "birth of what was freed");
            writer.ZigZag(change.Site - before);
            writer.Varint((ulong)(index - change.Born));
            writer.Unsigned(change.Blocks, "number of blocks");
            writer.Unsigned(change.Bytes, "number of bytes");
            before = change.Site;
        }
    }

    private static ImmutableArray<SiteFreed> ReadFreed(ref FormatReader reader, int index)
    {
        var freed = new SiteFreed[reader.Count("frees by site", RecordingLimits.MaxChanges)];
        var site = 0L;
        foreach (ref var change in freed.AsSpan())
        {
            Step(ref reader, ref site, 0, RecordingLimits.MaxSites, "site of a free");
            var age = (int)reader.Varint("age of what was freed", (ulong)index + 1);
            change = new SiteFreed((int)site, index - age, Long(ref reader, "number of blocks"), Long(ref reader, "number of bytes"));
        }
        return ImmutableCollectionsMarshal.AsImmutableArray(freed);
    }

    private static void WriteCount(FormatWriter writer, int count, string what, int max)
    {
        if (count > max)
        {
            throw new ArgumentException($"{count} {what} are more than the format permits, {max}.");
        }
        writer.Varint((ulong)count);
    }

    private static void Check(long value, long min, long end, string what)
    {
        if (value < min || value >= end)
        {
            throw new ArgumentException($"The {what} is {value}; it has to be at least {min} and below {end}.");
        }
    }

    private static void WriteReal(FormatWriter writer, double value, string what)
    {
        if (!double.IsFinite(value) || value < 0)
        {
            throw new ArgumentException($"The {what} is {value}, which it cannot be.");
        }
        writer.Varint(BitConverter.DoubleToUInt64Bits(value));
    }

    private static double ReadReal(ref FormatReader reader, string what)
    {
        var value = BitConverter.UInt64BitsToDouble(reader.Varint(what));
        return double.IsFinite(value) && value >= 0 ? value : throw new InvalidDataException($"The {what} is not a number that it can be.");
    }

    private static long Long(ref FormatReader reader, string what) => (long)reader.Varint(what, long.MaxValue);

    private static string Text(ref FormatReader reader, string[] texts)
    {
        var index = reader.Varint("number of a text");
        return index < (ulong)texts.Length ? texts[index] : throw new InvalidDataException($"The text {index} of {texts.Length} is referred to.");
    }

    private static void Step(ref FormatReader reader, ref long value, long min, long end, string what)
    {
        value = unchecked(value + reader.ZigZag(what));
        if (value < min || value >= end)
        {
            throw new InvalidDataException($"The {what} is {value}; it has to be at least {min} and below {end}.");
        }
    }
}
