using System.Collections.Immutable;
using WebVmMap.Core.Recordings;

namespace WebVmMap.Symbols;

/// <summary>Names the code of one module. Thread-safe. A damaged file gives fewer names, never an error.</summary>
public interface IModuleSymbols : IDisposable
{
    /// <summary>By what a module is told apart from others of its name, in hexadecimal: the build id, or GUID and age of the program database; empty when it has none.</summary>
    string BuildId { get; }

    /// <summary>In one line for people: where symbols were found and which, or why there are none.</summary>
    string State { get; }

    /// <summary>Finds what an instruction comes from.</summary>
    /// <param name="offset">
    /// The instruction's address minus the module's load bias. A return address lies behind the call, perhaps in another line or function: pass one less.
    /// </param>
    /// <returns>Functions that were inlined there, the innermost first, then the function itself; empty when nothing is known.</returns>
    ImmutableArray<CodeLine> Find(ulong offset);
}
