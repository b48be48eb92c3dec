using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace WebVmMap.Core.Tests;

/// <summary>The files in tests/Shared, which other test projects and the TypeScript tests read too.</summary>
internal static class SharedFiles
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        WriteIndented = true,
    };

    private static readonly string s_folder = Path.GetFullPath(Path.Combine(Here(), "..", "..", "Shared"));

    /// <summary>Where a file lies in the sources.</summary>
    public static string PathOf(string name) => Path.Combine(s_folder, name);

    public static string Read(string name) => File.ReadAllText(PathOf(name));

    private static string Here([CallerFilePath] string file = "") => file;
}
