namespace WebVmMap.Hub.Api;

/// <summary>The free blocks of a class of sizes.</summary>
/// <param name="From">The smallest size.</param>
/// <param name="To">The first size beyond; none for the last class.</param>
/// <param name="Blocks">How many.</param>
/// <param name="Bytes">Their sum.</param>
internal sealed record FreeSizeClassDto(long From, long? To, int Blocks, long Bytes);
