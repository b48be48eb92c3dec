using Google.Protobuf;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Recordings;
using WebVmMap.Hub.Hosts;
using WebVmMap.Hub.Recordings;
using WebVmMap.Protocol;
using WebVmMap.Protocol.V1;

namespace WebVmMap.Hub.Ingest;

/// <summary>What is asked and told of recordings, to and from the wire.</summary>
internal static class RecordingMapping
{
    public static StartRecording ToWire(NewRecording recording, string requestId, string recordingId)
    {
        var request = new StartRecording
        {
            RequestId = requestId,
            RecordingId = recordingId,
            WorkingDirectory = recording.WorkingDirectory,
            Mode = recording.Sampled ? RecordingMode.Sampled : RecordingMode.Full,
            SampleBytes = recording.SampleBytes,
            FollowChildren = recording.FollowsChildren,
        };
        if (recording.Pid is { } pid)
        {
            request.Process = new ProcessRef { Pid = pid, StartStamp = recording.StartStamp };
        }
        request.Command.AddRange(recording.Command);
        foreach (var (name, value) in recording.Environment)
        {
            request.Environment.Add(name, value);
        }
        return request;
    }

    public static FindBlocks ToWire(BlockQuestion question, string requestId, string recordingId)
    {
        var request = new FindBlocks
        {
            RequestId = requestId,
            RecordingId = recordingId,
            MinSize = question.MinSize,
            Top = (uint)Math.Clamp(question.Top, 0, IngestLimits.Blocks),
            Skip = (uint)Math.Max(question.Skip, 0),
            Order = question.Order switch
            {
                BlockOrder.Newest => BlockOrdering.Newest,
                BlockOrder.Oldest => BlockOrdering.Oldest,
                _ => BlockOrdering.Unspecified,
            },
        };
        if (question.Address is { } address)
        {
            request.Address = address;
        }
        foreach (var (from, to) in question.Ranges)
        {
            request.Ranges.Add(from);
            request.Ranges.Add(to);
        }
        if (question.Sites is { } sites)
        {
            request.Sites = UnsafeByteOperations.UnsafeWrap(sites.Bits);
        }
        if (question.Born is var (first, end))
        {
            request.BornFrom = first;
            request.BornTo = end;
        }
        request.Bounds.AddRange(question.Bounds);
        return request;
    }

    /// <exception cref="InvalidDataException">It breaks a rule; the message says which.</exception>
    public static RecordedProcess ToCore(RecordingStarted started)
    {
        var key = new ProcessKey(started.Pid, started.StartStamp);
        if (started.Process is not { } row)
        {
            return new RecordedProcess(key, "", "");
        }
        var process = row.ToCore();
        return process.Key == key
            ? new RecordedProcess(key, process.Name, process.CommandLine)
            : throw new InvalidDataException("A recording that has begun is of one process.");
    }

    /// <exception cref="InvalidDataException">It breaks a rule; the message says which.</exception>
    public static NewChild ToCore(RecordingChild told) => told is { Pid: > 0, ParentPid: >= 0, ParentId.Length: > 0 }
        ? new NewChild(told.ParentId, new ProcessKey(told.Pid, told.StartStamp), told.ParentPid, FailureMapping.ToMessage(told.Program))
        : throw new InvalidDataException("A child of a recording names that, and has an id above 0.");

    /// <exception cref="InvalidDataException">They break a rule; the message says which.</exception>
    public static SourceLines ToCore(SourceRead read) =>
        read is { FirstLine: > 0 and <= int.MaxValue, TotalLines: <= int.MaxValue, Lines.Count: > 0 and <= IngestLimits.SourceLines }
        && read.NewerThan.Length <= IngestLimits.SourcePath && read.Lines.All(line => line.Length <= IngestLimits.SourceColumns)
            ? new SourceLines((int)read.FirstLine, [.. read.Lines], (int)read.TotalLines, read.NewerThan)
            : throw new InvalidDataException($"Source text has 1 to {IngestLimits.SourceLines} lines of at most {IngestLimits.SourceColumns} characters.");

    /// <exception cref="InvalidDataException">They break a rule; the message says which.</exception>
    public static FoundBlocks ToCore(BlocksFound found)
    {
        if (found.Blocks.Count > IngestLimits.Blocks)
        {
            throw new InvalidDataException($"An answer has at most {IngestLimits.Blocks} live blocks.");
        }
        var blocks = new LiveBlock[found.Blocks.Count];
        for (var i = 0; i < blocks.Length; i++)
        {
            var row = found.Blocks[i];
            blocks[i] = row.Size >= 0 && row.Site >= 0 && row.Born >= -1 && row.Weight >= 0
                ? new LiveBlock(row.Address, row.Size, row.Site, row.Born, row.Thread, Math.Max(row.Weight, 1))
                : throw new InvalidDataException("A live block has a size, a site and a weight from 0, and is of an interval from -1.");
        }
        var groups = new BlockGroup[found.Groups.Count];
        for (var i = 0; i < groups.Length; i++)
        {
            var row = found.Groups[i];
            groups[i] = row is { Bound: < IngestLimits.BlockBounds, Blocks: > 0, Bytes: >= 0 } && (i == 0 || row.Bound > groups[i - 1].Bound)
                ? new BlockGroup((int)row.Bound, row.Blocks, row.Bytes)
                : throw new InvalidDataException("Groups of live blocks are by rising bound, and have blocks.");
        }
        return found is { Count: >= 0, Bytes: >= 0 }
            ? new FoundBlocks([.. blocks], found.Count, found.Bytes, [.. groups])
            : throw new InvalidDataException("Live blocks are counted from 0.");
    }
}
