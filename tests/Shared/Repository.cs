namespace WebVmMap.Testing;

/// <summary>Where the sources lie that the tests were built from.</summary>
internal static class Repository
{
    /// <summary>The folder of WebVmMap.sln.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "WebVmMap.sln")))
            {
                return folder.FullName;
            }
        }
        throw new InvalidOperationException("WebVmMap.sln is in no folder above the tests: they do not run from within the repository.");
    }
}
