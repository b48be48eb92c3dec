using System.Text;
using System.Text.Json;

namespace WebVmMap.Wine.Tests;

/// <summary>The running program that knows its own memory, and what it says about it.</summary>
internal sealed class RegionsTarget : IDisposable
{
    private RegionsTarget(WineProgram program, JsonDocument said, string file)
    {
        Program = program;
        Said = said;
        File = file;
    }

    public WineProgram Program { get; }

    public JsonDocument Said { get; }

    /// <summary>The file that it has mapped, as Windows names it.</summary>
    public string File { get; }

    public int Pid => Said.RootElement.GetProperty("pid").GetInt32();

    public static async Task<RegionsTarget> StartAsync(WinePrefix wine)
    {
        var file = Path.Combine(wine.Folder, $"mapped-{Guid.NewGuid():N}.bin");
        System.IO.File.WriteAllBytes(file, new byte[50_000]);
        var program = wine.Start(wine.RegionsProgram, WinePrefix.WindowsPath(file));
        var text = new StringBuilder();
        while (await program.ReadLineAsync() is var line && line.TrimEnd('\r') != "ready")
        {
            text.AppendLine(line);
        }
        return new RegionsTarget(program, JsonDocument.Parse(text.ToString()), WinePrefix.WindowsPath(file));
    }

    public (ulong Address, long Size, long Committed) Area(string name)
    {
        var area = Said.RootElement.GetProperty(name);
        return (area.GetProperty("address").GetUInt64(), area.GetProperty("size").GetInt64(), area.GetProperty("committed").GetInt64());
    }

    /// <summary>Lets it allocate 1 MiB more.</summary>
    /// <returns>Where.</returns>
    public async Task<ulong> GrowAsync()
    {
        Program.WriteLine("");
        return ulong.Parse(await Program.ReadLineAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        Program.Dispose();
        Said.Dispose();
    }
}
