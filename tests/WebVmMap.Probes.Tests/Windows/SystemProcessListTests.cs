using System.Buffers.Binary;
using System.Text;
using CsCheck;
using WebVmMap.Probes.Windows;

namespace WebVmMap.Probes.Tests.Windows;

public sealed class SystemProcessListTests
{
    private const ulong Address = 0x7ff712340000;

    [Fact]
    public void Parse_TwoProcesses_AreReadWithNamesAndTheThreadsAskedFor()
    {
        var answer = new byte[2048];
        Put(answer, at: 0, next: 1024, pid: 4711, parent: 812, created: 133_000_000_000, workingSet: 70_000, pagefile: 90_000, privatePages: 80_000, threads: 2);
        Put(answer, at: 1024, next: 0, pid: 812, parent: 0, created: 5, workingSet: 1, pagefile: 9, privatePages: 0, threads: 1);
        var name = Encoding.Unicode.GetBytes("shop.exe");
        name.CopyTo(answer, 800);
        BinaryPrimitives.WriteUInt16LittleEndian(answer.AsSpan(56), (ushort)name.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(answer.AsSpan(64), Address + 800);
        PutThread(answer, 256, 100, 0x1000);
        PutThread(answer, 256 + 136, 104, 0x3000);

        var list = SystemProcessList.Parse(answer, Address, threadsOf: 4711);

        Assert.Equal(2, list.Count);
        Assert.Equal((4711, 812, 133_000_000_000, "shop.exe", 70_000L, 80_000L),
            (list[0].Pid, list[0].ParentPid, list[0].Created, list[0].Name, list[0].WorkingSet, list[0].PrivateBytes));
        Assert.Equal([(100u, 0x1000ul), (104u, 0x3000ul)], list[0].Threads.Select(t => (t.Id, t.Teb)));
        Assert.Equal((812, "", 9L), (list[1].Pid, list[1].Name, list[1].PrivateBytes));
        Assert.Empty(list[1].Threads);
    }

    [Fact]
    public void Parse_AnyBytes_EndsAndStaysInsideThem() =>
        Gen.Select(Gen.Byte.Array[0, 2000], Gen.Int[0, 3], Gen.Int[-300, 3000]).Sample((answer, chain, next) =>
        {
            for (var i = 0; i < chain && answer.Length >= (i * 256) + 4; i++)
            {
                BinaryPrimitives.WriteInt32LittleEndian(answer.AsSpan(i * 256), i == chain - 1 ? next : 256);
            }
            var pid = answer.Length >= 88 ? (int)BinaryPrimitives.ReadInt64LittleEndian(answer.AsSpan(80)) : 0;

            Assert.InRange(SystemProcessList.Parse(answer, Address, pid).Count, 0, answer.Length / 256);
        });

    private static void Put(
        byte[] answer, int at, int next, int pid, int parent, long created, long workingSet, long pagefile, long privatePages, uint threads)
    {
        var process = answer.AsSpan(at);
        BinaryPrimitives.WriteInt32LittleEndian(process, next);
        BinaryPrimitives.WriteUInt32LittleEndian(process[4..], threads);
        BinaryPrimitives.WriteInt64LittleEndian(process[32..], created);
        BinaryPrimitives.WriteInt64LittleEndian(process[80..], pid);
        BinaryPrimitives.WriteInt64LittleEndian(process[88..], parent);
        BinaryPrimitives.WriteInt64LittleEndian(process[144..], workingSet);
        BinaryPrimitives.WriteInt64LittleEndian(process[184..], pagefile);
        BinaryPrimitives.WriteInt64LittleEndian(process[200..], privatePages);
    }

    private static void PutThread(byte[] answer, int at, long id, ulong teb)
    {
        BinaryPrimitives.WriteInt64LittleEndian(answer.AsSpan(at + 48), id);
        BinaryPrimitives.WriteUInt64LittleEndian(answer.AsSpan(at + 104), teb);
    }
}
