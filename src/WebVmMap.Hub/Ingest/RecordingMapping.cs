using WebVmMap.Core.Recordings;
using WebVmMap.Hub.Recordings;
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
            Top = (uint)Math.Clamp(question.Top, 1, IngestLimits.Blocks),
        };
        if (question.Address is { } address)
        {
            request.Address = address;
        }
        if (question.Range is var (from, to))
        {
            request.RangeFrom = from;
            request.RangeTo = to;
        }
        if (question.Site is { } site)
        {
            request.Site = site;
        }
        return request;
    }

    /// <exception cref="InvalidDataException">They break a rule; the message says which.</exception>
    public static IReadOnlyList<LiveBlock> ToCore(BlocksFound found)
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
        return blocks;
    }
}
