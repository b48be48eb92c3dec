namespace WebVmMap.Core.Recordings;

/// <summary>
/// What was freed within one interval of what a site had allocated in one interval. That the birth is told makes every span exact:
/// what of it is still live at its end is what was born in it less what of that was freed in it.
/// </summary>
/// <param name="Site">Number of the site that had allocated it.</param>
/// <param name="Born">Number of the interval in which it was allocated; -1 for blocks from before the recording.</param>
/// <param name="Blocks">How many blocks.</param>
/// <param name="Bytes">Their bytes.</param>
public readonly record struct SiteFreed(int Site, int Born, long Blocks, long Bytes);
