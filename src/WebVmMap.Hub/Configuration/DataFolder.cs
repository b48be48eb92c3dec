namespace WebVmMap.Hub.Configuration;

/// <summary>The hub's data folder: readable by its owner only, since it holds keys and the memory maps of processes.</summary>
public sealed class DataFolder
{
    private DataFolder(string path) => FullPath = path;

    /// <summary>Where it is.</summary>
    public string FullPath { get; }

    /// <summary>The database.</summary>
    public string Database => Path.Combine(FullPath, "webvmmap.db");

    /// <summary>Keys that protect the sign-in cookies.</summary>
    public string ProtectionKeys => Path.Combine(FullPath, "keys");

    /// <summary>The self-signed certificate with its private key.</summary>
    public string SelfSignedCertificate => Path.Combine(FullPath, "self-signed.pfx");

    /// <summary>Where browsers reach the hub that was last started here.</summary>
    public string Address => Path.Combine(FullPath, "address");

    /// <summary>Makes the folder where it is missing, and sees that it can be written to.</summary>
    /// <exception cref="IOException">It cannot be made or written to.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made or written to.</exception>
    public static DataFolder Create(string path)
    {
        var full = Path.GetFullPath(path);
        CreatePrivate(full);
        CreatePrivate(Path.Combine(full, "keys"));
        var probe = Path.Combine(full, $".write-{Guid.NewGuid():N}");
        using (new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
        {
        }
        return new DataFolder(full);
    }

    private static void CreatePrivate(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
