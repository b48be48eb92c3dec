using System.Collections.Immutable;
using WebVmMap.Core.Recordings;

namespace WebVmMap.Symbols.DotNet;

/// <summary>What a runtime knows of a place in its code.</summary>
/// <param name="Lines">The function with its line as far as it is known; empty when only the module is.</param>
/// <param name="ModulePath">The module's file as the process has it; empty for code that was made in memory.</param>
/// <param name="ModuleState">In one line for people: where the module's lines come from, or why there are none.</param>
public sealed record RuntimeFrame(ImmutableArray<CodeLine> Lines, string ModulePath, string ModuleState);
