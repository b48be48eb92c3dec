using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;
using WebVmMap.Probes.Windows;

namespace WebVmMap.Probes.Tests.Windows;

/// <summary>
/// Answers as a Windows process would, from a text file or from what a test puts in. Memory that is committed reads as zeros but
/// for what was written here. Recorded/README.md describes the file.
/// </summary>
internal sealed class RecordedProcess : IWindowsProcess
{
    private readonly SortedDictionary<ulong, byte> _memory = [];

    public List<MemoryBasicInformation> Regions { get; } = [];

    public Dictionary<ulong, AllocationTraits> Allocations { get; } = [];

    public Dictionary<ulong, string> Files { get; } = [];

    public List<WindowsThread> ThreadList { get; } = [];

    public Func<ulong, ulong> PageFlags { get; set; } = _ => 0;

    /// <summary>The counters that are answered in turn; the last one again and again.</summary>
    public Queue<ProcessCounters> Counters { get; } = new();

    public int WorkingSetError { get; set; }

    /// <summary>What the walk answers instead of a region from this address on.</summary>
    public (ulong From, int Error)? WalkError { get; set; }

    /// <summary>Addresses of memory that was read.</summary>
    public List<ulong> Reads { get; } = [];

    /// <summary>How many pages each question about the working set had.</summary>
    public List<int> WorkingSetQuestions { get; } = [];

    public int Build { get; set; } = 22631;

    public AddressSpaceBounds Bounds { get; set; } = new(0x10000, 0x7FFFFFFF0000, 65536);

    public bool CanReadMemory { get; set; } = true;

    public bool HasExited { get; set; }

    public ulong Peb { get; set; }

    public ulong Peb32 { get; set; }

    public ulong SystemDllInitBlock { get; set; }

    public static RecordedProcess Load(string name)
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Windows", "Recorded", name + ".json"));
        using var document = JsonDocument.Parse(file, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip });
        var root = document.RootElement;
        var process = new RecordedProcess
        {
            Build = root.GetProperty("build").GetInt32(),
            CanReadMemory = root.GetProperty("canReadMemory").GetBoolean(),
            Peb = Number(root.GetProperty("peb").GetString()!),
            Peb32 = Number(root.GetProperty("peb32").GetString()!),
            SystemDllInitBlock = Number(root.GetProperty("systemDllInitBlock").GetString()!),
            WorkingSetError = root.GetProperty("workingSetError").GetInt32(),
        };
        foreach (var words in Lines(root, "regions"))
        {
            process.Add(Number(words[0]), Number(words[1]), Number(words[2]), Enum.Parse<PageProtection>(words[3]),
                Enum.Parse<MemoryState>(words[4]), Enum.Parse<PageProtection>(words[5]), Enum.Parse<MemoryType>(words[6]));
        }
        foreach (var words in Lines(root, "allocations"))
        {
            process.Allocations.Add(Number(words[0]), Enum.Parse<AllocationTraits>(words[1]));
        }
        foreach (var file_ in root.GetProperty("files").EnumerateObject())
        {
            process.Files.Add(Number(file_.Name), file_.Value.GetString()!);
        }
        foreach (var words in Lines(root, "memory"))
        {
            process.Write(Number(words[0]), Number(words[2]), int.Parse(words[1], CultureInfo.InvariantCulture));
        }
        foreach (var thread in root.GetProperty("threads").EnumerateArray())
        {
            process.ThreadList.Add(new WindowsThread(
                thread.GetProperty("id").GetUInt32(), Number(thread.GetProperty("teb").GetString()!), thread.GetProperty("name").GetString()!));
        }
        var pages = new Dictionary<ulong, ulong>();
        foreach (var words in Lines(root, "pages"))
        {
            for (var i = 0UL; i < Number(words[1]); i++)
            {
                pages.Add(Number(words[0]) + (i * 4096), Number(words[2]));
            }
        }
        process.PageFlags = address => pages.GetValueOrDefault(address);
        foreach (var counters in root.GetProperty("counters").EnumerateArray())
        {
            process.Counters.Enqueue(new ProcessCounters
            {
                WorkingSet = Optional(counters, "workingSet"),
                PrivateCommit = Optional(counters, "privateUsage"),
                VirtualSize = Optional(counters, "virtualSize"),
            });
        }
        return process;
    }

    public void Add(
        ulong address, ulong size, ulong allocationBase, PageProtection allocationProtect, MemoryState state, PageProtection protect, MemoryType type) =>
        Regions.Add(new MemoryBasicInformation
        {
            BaseAddress = address,
            RegionSize = size,
            AllocationBase = allocationBase,
            AllocationProtect = allocationProtect,
            State = state,
            Protect = protect,
            Type = type,
        });

    public void Write(ulong address, ulong value, int bytes)
    {
        for (var i = 0; i < bytes; i++)
        {
            _memory[address + (ulong)i] = (byte)(value >> (8 * i));
        }
    }

    public int Query(ulong address, out MemoryBasicInformation region)
    {
        region = default;
        if (WalkError is { } wrong && address >= wrong.From)
        {
            return wrong.Error;
        }
        if (address >= Bounds.End)
        {
            return WindowsError.InvalidParameter;
        }
        var at = Regions.FindIndex(r => r.End > address);
        if (at < 0 || Regions[at].BaseAddress > address)
        {
            region.BaseAddress = address;
            region.RegionSize = (at < 0 ? Bounds.End : Regions[at].BaseAddress) - address;
            region.State = MemoryState.Free;
            return WindowsError.Success;
        }
        region = Regions[at];
        return WindowsError.Success;
    }

    public bool TryDescribeAllocation(ulong address, out AllocationInformation allocation)
    {
        allocation = default;
        var at = Regions.FindIndex(r => r.BaseAddress <= address && address < r.End);
        if (at < 0 || !Allocations.TryGetValue(Regions[at].AllocationBase, out var traits))
        {
            return false;
        }
        allocation.AllocationBase = Regions[at].AllocationBase;
        allocation.Traits = traits;
        return true;
    }

    public int QueryWorkingSet(Span<WorkingSetPage> pages)
    {
        WorkingSetQuestions.Add(pages.Length);
        if (WorkingSetError != WindowsError.Success)
        {
            return WorkingSetError;
        }
        foreach (ref var page in pages)
        {
            page.Flags = PageFlags(page.Address);
        }
        return WindowsError.Success;
    }

    public bool TryRead(ulong address, Span<byte> destination)
    {
        Reads.Add(address);
        for (var i = 0; i < destination.Length; i++)
        {
            var at = address + (ulong)i;
            if (!CanReadMemory || !Regions.Exists(r => r.BaseAddress <= at && at < r.End && r.State == MemoryState.Commit
                && !r.Protect.HasFlag(PageProtection.Guard) && !r.Protect.HasFlag(PageProtection.NoAccess)))
            {
                return false;
            }
            destination[i] = _memory.GetValueOrDefault(at);
        }
        return true;
    }

    public string? MappedFileName(ulong address) => Files.GetValueOrDefault(address);

    public IReadOnlyList<WindowsThread> Threads() => ThreadList;

    public ProcessCounters ReadCounters() => Counters.Count == 0 ? default : Counters.Count == 1 ? Counters.Peek() : Counters.Dequeue();

    /// <summary>What emptying the working set answers.</summary>
    public int EmptyError { get; set; }

    public int EmptyWorkingSet() => EmptyError;

    public void Dispose() => HasExited = true;

    /// <summary>A 64-bit number at an address, as this process has it.</summary>
    public ulong Read64(ulong address)
    {
        Span<byte> bytes = stackalloc byte[8];
        Assert.True(TryRead(address, bytes));
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    private static IEnumerable<string[]> Lines(JsonElement root, string name) =>
        root.GetProperty(name).EnumerateArray().Select(line => line.GetString()!.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static ulong Number(string text) =>
        text.StartsWith("0x", StringComparison.Ordinal)
            ? ulong.Parse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture)
            : ulong.Parse(text, CultureInfo.InvariantCulture);

    private static long? Optional(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.GetInt64() : null;
}
