namespace WebVmMap.Symbols.DotNet;

/// <summary>What a runtime told of the code that it compiled: methods by address, and the modules that they are of. Thread-safe.</summary>
internal sealed class CompiledMethods
{
    /// <summary>Methods that are kept; large programs have some hundred thousand.</summary>
    private const int MaxMethods = 1_000_000;

    private const int MaxModules = 65_536;
    private const int MaxNameChars = 2048;
    private const int MaxText = 64 << 20;

    /// <summary>How far beyond its begin an address may lie in code whose length was not told.</summary>
    private const ulong OpenBytes = 64 << 10;

    private readonly Lock _gate = new();
    private readonly List<CompiledMethod> _methods = [];
    private readonly Dictionary<(ulong Start, ulong End), CompiledMethod> _known = [];
    private readonly Dictionary<ulong, ManagedModule> _modules = [];
    // By thread: the method that was told last, and offsets of one that is told next.
    private readonly Dictionary<ulong, (ulong Id, CompiledMethod Method)> _last = [];
    private readonly Dictionary<ulong, (ulong Id, (uint, int)[] Offsets)> _ahead = [];
    private readonly Dictionary<string, string> _names = [];
    private RangeIndex _index = new([], [], []);
    private int _indexed;
    private int _text;

    /// <summary>Takes in what was told since the last time: before that it is not found, lest each of many that are looked up puts all in order anew.</summary>
    /// <returns>How many there are; it only grows.</returns>
    public int Refresh()
    {
        lock (_gate)
        {
            if (_indexed < _methods.Count)
            {
                Index();
            }
            return _indexed;
        }
    }

    /// <summary>What of it may be missing, and why: one part of a sentence; empty when all was told.</summary>
    public string Gap { get; private set; } = "";

    /// <summary>Something of it is missing. The first reason counts.</summary>
    public void Miss(string why)
    {
        lock (_gate)
        {
            Gap = Gap.Length > 0 ? Gap : why;
        }
    }

    /// <summary>Takes an event, when it is about code.</summary>
    public void Take(in NetTraceEvent told)
    {
        lock (_gate)
        {
            // https://learn.microsoft.com/dotnet/fundamentals/diagnostics/runtime-method-events
            switch (told.Provider, told.Id)
            {
                case (NetTraceProvider.Runtime, 143) or (NetTraceProvider.Rundown, 143 or 144):
                    Loaded(told);
                    break;
                case (NetTraceProvider.Runtime, 190) or (NetTraceProvider.Rundown, 149):
                    Mapped(told);
                    break;
                case (NetTraceProvider.Rundown, 150):
                    MappedAhead(told);
                    break;
                case (NetTraceProvider.Runtime, 152) or (NetTraceProvider.Rundown, 153 or 154):
                    ModuleLoaded(told);
                    break;
                case (NetTraceProvider.Runtime, 159):
                    EntryPoint(told);
                    break;
            }
        }
    }

    /// <summary>The code that holds an address, and its module, as of the last <see cref="Refresh"/>; of code at one place the latest.</summary>
    public (CompiledMethod? Method, ManagedModule? Module) Find(ulong address)
    {
        lock (_gate)
        {
            var at = _index.Find(address);
            return at < 0 ? default : (_methods[at], _modules.GetValueOrDefault(_methods[at].Module));
        }
    }

    private void Index()
    {
        var starts = new ulong[_methods.Count];
        var ends = new ulong[_methods.Count];
        var places = new int[_methods.Count];
        for (var i = 0; i < starts.Length; i++)
        {
            (starts[i], ends[i], places[i]) = (_methods[i].Start, _methods[i].End, i);
        }
        _index = new RangeIndex(starts, ends, places);
        _indexed = starts.Length;
    }

    // MethodLoadVerbose, MethodDCStartVerbose, MethodDCEndVerbose
    private void Loaded(in NetTraceEvent told)
    {
        var fields = new Cursor(told.Payload, 0);
        var (id, module, start, size, token) = (fields.UInt64(), fields.UInt64(), fields.UInt64(), fields.UInt32(), fields.UInt32());
        fields.Skip(4);
        var (type, name, signature) = (fields.Utf16(MaxNameChars), fields.Utf16(MaxNameChars), fields.Utf16(MaxNameChars));
        if (!fields.Failed && size > 0 && size <= int.MaxValue && start <= ulong.MaxValue - size)
        {
            var method = Add(start, start + size, module, token, type, name, signature);
            _last[told.Thread] = (id, method);
            if (_ahead.Remove(told.Thread, out var ahead) && ahead.Id == id && method.Offsets.Length == 0)
            {
                method.Offsets = ahead.Offsets;
            }
        }
    }

    // R2RGetEntryPoint: code that was compiled when its file was made, and is now used for the first time. Its length is not told.
    private void EntryPoint(in NetTraceEvent told)
    {
        var fields = new Cursor(told.Payload, 8);
        var (type, name, signature, start) = (fields.Utf16(MaxNameChars), fields.Utf16(MaxNameChars), fields.Utf16(MaxNameChars), fields.UInt64());
        if (!fields.Failed && start <= ulong.MaxValue - OpenBytes)
        {
            Add(start, start + OpenBytes, 0, 0, type, name, signature);
        }
    }

    private CompiledMethod Add(ulong start, ulong end, ulong module, uint token, string type, string name, string signature)
    {
        var readable = MethodName.Readable(type, name, signature);
        // The same method, told as it was compiled and with all that there are.
        if (_known.TryGetValue((start, end), out var known) && known.Name == readable && known.Module == module)
        {
            return known;
        }
        var isFull = _methods.Count >= MaxMethods || _text > MaxText;
        if (_names.TryGetValue(readable, out var kept))
        {
            readable = kept;
        }
        else if (!isFull)
        {
            _names.Add(readable, readable);
            _text += readable.Length;
        }
        var method = new CompiledMethod { Start = start, End = end, Module = module, Token = token, Name = readable };
        if (isFull)
        {
            Miss($"of more than {MaxMethods} methods no more are kept");
            return method;
        }
        _methods.Add(method);
        _known[(start, end)] = method;
        return method;
    }

    // MethodILToNativeMap and MethodDCStartILToNativeMap follow the method that they are of, on the same thread.
    private void Mapped(in NetTraceEvent told)
    {
        var (id, offsets) = Offsets(told);
        if (_last.Remove(told.Thread, out var last) && last.Id == id && last.Method.Offsets.Length == 0)
        {
            last.Method.Offsets = offsets;
        }
    }

    // MethodDCEndILToNativeMap comes before it, as if the method were unloaded then.
    private void MappedAhead(in NetTraceEvent told) => _ahead[told.Thread] = Offsets(told);

    private static (ulong Id, (uint, int)[]) Offsets(in NetTraceEvent told)
    {
        var fields = new Cursor(told.Payload, 0);
        var id = fields.UInt64();
        fields.Skip(9);
        var count = fields.UInt16();
        var il = fields.Bytes(count * 4);
        var native = fields.Bytes(count * 4);
        if (fields.Failed)
        {
            return (id, []);
        }
        var offsets = new (uint Native, int Il)[count];
        for (var i = 0; i < count; i++)
        {
            offsets[i] = (BitConverter.ToUInt32(native[(i * 4)..]), BitConverter.ToInt32(il[(i * 4)..]));
        }
        // Sorted by place in the machine code, and those of one place as they came.
        return (id, [.. offsets.OrderBy(offset => offset.Native)]);
    }

    private void ModuleLoaded(in NetTraceEvent told)
    {
        var fields = new Cursor(told.Payload, 0);
        var number = fields.UInt64();
        fields.Skip(16);
        var path = fields.Utf16(MaxNameChars);
        fields.Utf16(MaxNameChars);
        fields.Skip(2);
        var signature = fields.Guid();
        fields.Skip(4);
        var built = fields.Utf16(MaxNameChars);
        if (_modules.Count < MaxModules)
        {
            _modules[number] = fields.Failed ? new ManagedModule(path, default, "") : new ManagedModule(path, signature, built);
        }
    }
}
