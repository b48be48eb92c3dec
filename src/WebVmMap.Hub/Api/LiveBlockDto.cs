using System.Globalization;
using System.Text.Json;
using WebVmMap.Hub.Recordings;

namespace WebVmMap.Hub.Api;

/// <summary>A live block: what allocated it and when, to the interval.</summary>
/// <param name="Address">Its first byte.</param>
/// <param name="Size">Its bytes, as they were asked for; of one from before the recording, those that can be used.</param>
/// <param name="Kind">heap or virtual.</param>
/// <param name="Time">The end of the interval in which it was allocated; left out when that was before the recording or is just under way.</param>
/// <param name="Thread">The thread that allocated it; 0 when unknown.</param>
/// <param name="Weight">How many blocks it stands for, itself included: more than 1 only in a sampled recording.</param>
/// <param name="Stack">Who called whom, innermost first; empty when unknown.</param>
/// <param name="BeforeRecording">True when it was there before the recording, and nobody knows its stack; left out otherwise.</param>
internal sealed record LiveBlockDto(string Address, long Size, string Kind, DateTime? Time, int Thread, int Weight, IReadOnlyList<StackFrameDto> Stack, bool? BeforeRecording)
{
    public static LiveBlockDto Of(RecordedBlock block) => new(
        string.Create(CultureInfo.InvariantCulture, $"0x{block.Address:x}"),
        block.Size,
        JsonNamingPolicy.CamelCase.ConvertName(block.Kind.ToString()),
        block.AllocatedAt?.UtcDateTime,
        block.Thread,
        block.Weight,
        [.. block.Stack.Select(StackFrameDto.Of)],
        block.BeforeRecording ? true : null);
}
