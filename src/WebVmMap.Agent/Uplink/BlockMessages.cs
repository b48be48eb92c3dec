using WebVmMap.Core.Recordings;
using WebVmMap.Protocol.V1;

namespace WebVmMap.Agent.Uplink;

/// <summary>Questions about live blocks and their answers, from and to the wire.</summary>
internal static class BlockMessages
{
    // So many may be looked through to come to those asked for, however the hub asks.
    private const int MaximumDepth = 100_000;
    private const int MaximumBounds = 200_000;

    /// <summary>What is asked, within what this agent answers.</summary>
    /// <exception cref="ArgumentException">The bounds or the ranges are too many, or do not rise.</exception>
    public static BlockQuestion Question(FindBlocks request)
    {
        for (var i = 1; i < request.Bounds.Count; i++)
        {
            if (request.Bounds[i] <= request.Bounds[i - 1])
            {
                throw new ArgumentException("the bounds of the groups do not rise.");
            }
        }
        for (var i = 0; i < request.Ranges.Count; i++)
        {
            if (i > 0 && (i % 2 == 0 ? request.Ranges[i] < request.Ranges[i - 1] : request.Ranges[i] <= request.Ranges[i - 1]))
            {
                throw new ArgumentException("the ranges do not rise.");
            }
        }
        var top = (int)Math.Min(request.Top, RecordingUpload.MaximumBlocks);
        return request.Bounds.Count > MaximumBounds || request.Ranges.Count > MaximumBounds || request.Ranges.Count % 2 != 0
            ? throw new ArgumentException($"at most {MaximumBounds} bounds of groups and of ranges are looked at, these in pairs.")
            : new BlockQuestion
            {
                Address = request.HasAddress ? request.Address : null,
                Ranges = [.. request.Ranges.Chunk(2).Select(pair => (pair[0], pair[1]))],
                Sites = request.HasSites ? new SiteSet(request.Sites.Memory) : null,
                Born = request is { HasBornFrom: true, HasBornTo: true } ? (request.BornFrom, request.BornTo) : null,
                MinSize = request.MinSize,
                Order = request.Order switch
                {
                    BlockOrdering.Newest => BlockOrder.Newest,
                    BlockOrdering.Oldest => BlockOrder.Oldest,
                    _ => BlockOrder.Biggest,
                },
                Skip = (int)Math.Min(request.Skip, MaximumDepth - top),
                Top = top,
                Bounds = [.. request.Bounds],
            };
    }

    /// <summary>What was found.</summary>
    public static BlocksFound Answer(FindBlocks request, FoundBlocks found)
    {
        var answer = new BlocksFound { RequestId = request.RequestId, Count = found.Count, Bytes = found.Bytes };
        foreach (var block in found.Blocks)
        {
            answer.Blocks.Add(new BlockRow { Address = block.Address, Size = block.Size, Site = block.Site, Born = block.Born, Thread = block.Thread, Weight = block.Weight });
        }
        foreach (var group in found.Groups)
        {
            answer.Groups.Add(new BlockGroupRow { Bound = (uint)group.Bound, Blocks = group.Blocks, Bytes = group.Bytes });
        }
        return answer;
    }
}
