namespace WebVmMap.Symbols.DotNet;

/// <summary>The program databases of a process's modules, each opened when it is first asked for. Not thread-safe.</summary>
/// <param name="root">The folder that the process sees as "/", without the slash.</param>
internal sealed class PortablePdbs(string root) : IDisposable
{
    /// <summary>What all together may take, in bytes; beyond it, those that were opened are let go and opened anew when they are needed.</summary>
    private const long MaxBytes = 128 << 20;

    private readonly Dictionary<ManagedModule, PortablePdb> _open = [];
    private long _bytes;

    /// <summary>That of a module.</summary>
    public PortablePdb Of(ManagedModule module)
    {
        if (_open.TryGetValue(module, out var database))
        {
            return database;
        }
        if (_bytes > MaxBytes)
        {
            Dispose();
        }
        database = PortablePdb.Open(module, root);
        _open.Add(module, database);
        _bytes += database.Bytes;
        return database;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var database in _open.Values)
        {
            database.Dispose();
        }
        _open.Clear();
        _bytes = 0;
    }
}
