using System.Collections.Concurrent;
using System.Globalization;
using WebVmMap.Core.Recordings;
using WebVmMap.Symbols;
using WebVmMap.Symbols.Windows;

namespace WebVmMap.Agent.Recordings;

/// <summary>
/// Symbols of the files whose code is in a recorded process, or in those that it started: these have most of them in common, and to read those of the C library
/// takes longer than many of them run. Thread-safe.
/// </summary>
internal sealed class FamilySymbols
{
    // By the build id too, or when it was written: a file may be replaced while its processes run.
    private readonly ConcurrentDictionary<(string Path, string BuildId), Lazy<IModuleSymbols>> _all = [];
    private readonly ConcurrentBag<IModuleSymbols> _nameless = [];
    private int _users = 1;

    /// <summary>One more uses it, and releases it too.</summary>
    public FamilySymbols Share()
    {
        Interlocked.Increment(ref _users);
        return this;
    }

    /// <summary>Those of a module; they stay this one's.</summary>
    public IModuleSymbols Open(RecordedModule module)
    {
        var build = module.BuildId.Length > 0 ? module.BuildId : Written(module.Path);
        if (build.Length > 0)
        {
            return _all.GetOrAdd((module.Path, build), static key => new Lazy<IModuleSymbols>(() => Read(key.Path))).Value;
        }
        var symbols = Read(module.Path);
        _nameless.Add(symbols);
        return symbols;
    }

    /// <summary>Whoever made it or shared it does not use it any more; the last one closes the files.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _users) > 0)
        {
            return;
        }
        foreach (var symbols in _all.Values.Where(symbols => symbols.IsValueCreated).Select(symbols => symbols.Value).Concat(_nameless))
        {
            symbols.Dispose();
        }
    }

    private static string Written(string path)
    {
        try
        {
            return Path.IsPathFullyQualified(path) && File.Exists(path) ? File.GetLastWriteTimeUtc(path).Ticks.ToString(CultureInfo.InvariantCulture) : "";
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static IModuleSymbols Read(string path) => OperatingSystem.IsWindows() ? PeSymbols.Open(path) : ModuleSymbols.Open(path);
}
