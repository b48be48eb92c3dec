namespace WebVmMap.Probes.Linux;

/// <summary>What of a process hardly ever changes and costs something to learn: kept between two lists.</summary>
/// <param name="Command">Its command's name then: another one means that it runs another program now.</param>
/// <param name="Name">Name of its executable.</param>
/// <param name="Architecture">Of its executable.</param>
/// <param name="Managed">A .NET runtime was mapped when it was looked at.</param>
/// <param name="LookedLate">It was old enough then to have loaded what it needs.</param>
internal sealed record ProcessFacts(string Command, string Name, string Architecture, bool Managed, bool LookedLate)
{
    /// <summary>The last list that it was part of.</summary>
    public long SeenInList { get; set; }
}
