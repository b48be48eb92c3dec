using WebVmMap.Core.Processes;
using WebVmMap.Recording;

namespace WebVmMap.Agent.Recordings;

/// <summary>
/// A recording of a process that a recorded one started, whose frames are named on the way. Its runtime is asked only when there is code that no file has:
/// most such processes have none, and end before it would answer. As thread-safe as what it wraps.
/// </summary>
internal sealed class SymbolizedChild : SymbolizedRecording, IChildRecording
{
    private readonly IChildRecording _child;
    private readonly Func<int, CompiledCode>? _compiledOf;

    /// <summary>Names one.</summary>
    /// <param name="child">What is recorded.</param>
    /// <param name="compiledOf">Names of code in no file, by the process's id; null where there are none.</param>
    /// <param name="symbols">Symbols of files, released with this.</param>
    public SymbolizedChild(IChildRecording child, Func<int, CompiledCode>? compiledOf, FamilySymbols symbols)
        : base(child, null, symbols: symbols)
    {
        _child = child;
        _compiledOf = compiledOf;
    }

    /// <inheritdoc/>
    public ProcessKey Process => _child.Process;

    /// <inheritdoc/>
    public int ParentPid => _child.ParentPid;

    /// <inheritdoc/>
    public string Program => _child.Program;

    /// <inheritdoc/>
    protected override CompiledCode? BeginCompiled() => _compiledOf?.Invoke(_child.Pid);
}
