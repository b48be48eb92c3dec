using System.Globalization;

namespace WebVmMap.Probes.Tests.Linux;

/// <summary>Writes records of smaps.</summary>
internal static class SmapsText
{
    public static string Record(string header, params long[] figures)
    {
        long At(int i) => figures[Math.Min(i, figures.Length - 1)];
        return Record(header, At(0), At(1), At(2), At(3), At(4), At(5), At(6), At(7), At(8), "rd wr mr mw me ac ");
    }

    /// <summary>As Linux 6.18 prints it.</summary>
    public static string Record(
        string header, long rss, long pss, long sharedClean, long sharedDirty, long anonymous, long swap, long locked, long sharedHuge, long privateHuge, string flags) =>
        string.Create(CultureInfo.InvariantCulture, $"""
            {header}
            Size:           {4,8} kB
            KernelPageSize: {4,8} kB
            MMUPageSize:    {4,8} kB
            Rss:            {rss,8} kB
            Pss:            {pss,8} kB
            Pss_Dirty:      {0,8} kB
            Shared_Clean:   {sharedClean,8} kB
            Shared_Dirty:   {sharedDirty,8} kB
            Private_Clean:  {0,8} kB
            Private_Dirty:  {0,8} kB
            Referenced:     {rss,8} kB
            Anonymous:      {anonymous,8} kB
            KSM:            {0,8} kB
            LazyFree:       {0,8} kB
            AnonHugePages:  {0,8} kB
            ShmemPmdMapped: {0,8} kB
            FilePmdMapped:  {0,8} kB
            Shared_Hugetlb: {sharedHuge,8} kB
            Private_Hugetlb:{privateHuge,8} kB
            Swap:           {swap,8} kB
            SwapPss:        {0,8} kB
            Locked:         {locked,8} kB
            THPeligible:    {0,8}
            VmFlags: {flags}

            """);
}
