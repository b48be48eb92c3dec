using System.Collections.Concurrent;
using WebVmMap.Core.Recordings;

namespace WebVmMap.Agent.Recordings;

/// <summary>
/// The source files that the names of a recording's frames tell of, each with the module whose code they are of: what may be read of this
/// machine's files for somebody who looks at the recording. Intervals are added by one thread; asked by any.
/// </summary>
internal sealed class RecordedSources
{
    /// <summary>Most files that are remembered; of a program with more the later ones are not to be seen.</summary>
    public const int MaximumFiles = 50_000;

    private readonly ConcurrentDictionary<string, string> _moduleOf = new(StringComparer.Ordinal);
    private readonly List<string> _modules = [];
    private int _frames;

    /// <summary>The path of the module that names a file; null when none does.</summary>
    public string? ModuleOf(string file) => _moduleOf.GetValueOrDefault(file);

    /// <summary>Adds what an interval tells.</summary>
    public void Add(RecordingInterval interval)
    {
        _modules.AddRange(interval.Modules.Select(module => module.Path));
        foreach (var symbols in interval.Symbols)
        {
            var own = symbols.Frame - _frames;
            var number = symbols.Module >= 0 ? symbols.Module : own >= 0 && own < interval.Frames.Length ? interval.Frames[own].Module : -1;
            var module = number >= 0 && number < _modules.Count ? _modules[number] : "";
            foreach (var line in symbols.Lines)
            {
                if (line.File.Length > 0 && _moduleOf.Count < MaximumFiles)
                {
                    _moduleOf.TryAdd(line.File, module);
                }
            }
        }
        _frames += interval.Frames.Length;
    }
}
