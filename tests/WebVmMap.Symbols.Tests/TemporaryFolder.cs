namespace WebVmMap.Symbols.Tests;

/// <summary>A folder that stands for a process's root until this is disposed of.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("webvmmap-symbols-").FullName;

    /// <summary>The path on this machine of a path under the root, in a folder that is there.</summary>
    public string At(string path)
    {
        var full = Root + path;
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        return full;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
