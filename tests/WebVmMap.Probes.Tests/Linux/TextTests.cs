using System.Runtime.InteropServices;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Probes.Tests.Linux;

/// <summary>Texts stay where they are from pass to pass, but not for ever.</summary>
public sealed unsafe partial class TextTests
{
    private const int Many = 10_500;

    [LinuxFact]
    public void TakeSnapshot_NamesThatCameAndWent_AreForgottenInTheEnd()
    {
        using var probe = Probing.Open(Environment.ProcessId);
        var before = Probing.Snapshot(probe);
        var mappings = new nint[Many];
        Snapshot many;
        try
        {
            for (var i = 0; i < Many; i++)
            {
                mappings[i] = MapNamed($"text-test-{i}");
            }
            many = Probing.Snapshot(probe);
        }
        finally
        {
            foreach (var mapping in mappings)
            {
                if (mapping != 0)
                {
                    _ = UnMap(mapping, 4096);
                }
            }
        }
        Assert.True(many.Regions.Strings.Length > Many);
        AssertBeginsWith(many, before);
        var after = Probing.Snapshot(probe);
        AssertBeginsWith(after, many);
        var forgotten = Probing.Snapshot(probe);
        Assert.True(forgotten.Regions.Strings.Length < Many);
        SnapshotInvariants.Check(forgotten);
    }

    private static void AssertBeginsWith(Snapshot later, Snapshot earlier) =>
        Assert.True(later.Regions.Strings.AsSpan()[..earlier.Regions.Strings.Length].SequenceEqual(earlier.Regions.Strings.AsSpan()));

    private static nint MapNamed(string name)
    {
        var file = MemFdCreate(name, 0);
        Assert.True(file >= 0);
        var address = Map(0, 4096, 1, 1, file, 0); // PROT_READ, MAP_SHARED
        _ = Close(file);
        Assert.NotEqual(-1, address);
        return address;
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MemFdCreate(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, long offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int UnMap(nint address, nuint length);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);
}
