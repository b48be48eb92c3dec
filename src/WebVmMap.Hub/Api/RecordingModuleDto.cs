using WebVmMap.Core.Recordings;

namespace WebVmMap.Hub.Api;

/// <summary>A file whose code is in stacks of a recording.</summary>
/// <param name="Path">Where the host has it; a name in brackets for code without a file.</param>
/// <param name="BuildId">Its build id or PDB signature in hexadecimal; left out when it has none.</param>
/// <param name="Symbols">In one line how it fares with symbols: found and where, functions without lines, or stripped and where was looked; left out while nothing is known of them.</param>
internal sealed record RecordingModuleDto(string Path, string? BuildId, string? Symbols)
{
    public static RecordingModuleDto Of(RecordedModule module) => new(module.Path, Known(module.BuildId), Known(module.Symbols));

    private static string? Known(string text) => text.Length > 0 ? text : null;
}
