using System.Diagnostics;
using WebVmMap.Testing;

[assembly: AssemblyFixture(typeof(WebVmMap.Wine.Tests.WinePrefix))]

namespace WebVmMap.Wine.Tests;

/// <summary>
/// A Windows of Wine's for this run of the tests, in it the agent as it is published and the programs that it looks at.
/// Nothing in it outlives the run. docs/windows-under-wine.md says what the settings are for.
/// </summary>
public sealed class WinePrefix : IAsyncLifetime
{
    private static readonly TimeSpan s_commandLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_publishLimit = TimeSpan.FromMinutes(4);

    private readonly string _root = Directory.CreateTempSubdirectory("webvmmap-wine-").FullName;

    /// <summary>The agent's program.</summary>
    public string Agent { get; private set; } = "";

    /// <summary>The .NET program that knows where its objects are.</summary>
    public string ManagedProgram { get; private set; } = "";

    /// <summary>The .NET program that knows at which of its lines it takes native memory.</summary>
    public string ToldProgram { get; private set; } = "";

    /// <summary>The program that knows its own memory.</summary>
    public string RegionsProgram => Path.Combine(_root, "regions.exe");

    /// <summary>The program that knows what it allocates; the libraries that it loads lie beside it.</summary>
    public string AllocationsProgram => Path.Combine(_root, "allocations.exe");

    /// <summary>The program whose processes know what each of them allocates.</summary>
    public string ChildrenProgram => Path.Combine(_root, "children.exe");

    /// <summary>A folder for this run.</summary>
    public string Folder => _root;

    public async ValueTask InitializeAsync()
    {
        Demand("/usr/bin/wine", "wine wine64");
        Demand("/usr/bin/wineserver", "wine wine64");
        Demand("/usr/bin/x86_64-w64-mingw32-gcc", "gcc-mingw-w64-x86-64");
        await Task.WhenAll(MakePrefixAsync(), PublishAgentAsync(), PublishManagedProgramAsync(), PublishToldProgramAsync());
        await RunAsync(
            s_commandLimit, "x86_64-w64-mingw32-gcc", "-O1", "-Wall", "-Wextra", "-Werror", "-gdwarf-4",
            "-o", RegionsProgram, Path.Combine(Repository.Root, "tests", "TestTargets", "windows", "regions.c"));
        var recorded = Path.Combine(Repository.Root, "tests", "TestTargets", "recorded");
        await RunAsync(
            s_commandLimit, "x86_64-w64-mingw32-gcc", "-O1", "-Wall", "-Wextra", "-Werror", "-gdwarf-4",
            "-o", AllocationsProgram, Path.Combine(recorded, "allocations-windows.c"));
        await RunAsync(
            s_commandLimit, "x86_64-w64-mingw32-gcc", "-O1", "-Wall", "-Wextra", "-Werror", "-gdwarf-4",
            "-o", ChildrenProgram, Path.Combine(recorded, "children-windows.c"), "-lntdll");
        foreach (var library in (string[])["first", "second"])
        {
            await RunAsync(
                s_commandLimit, "x86_64-w64-mingw32-gcc", "-O1", "-Wall", "-Wextra", "-Werror", "-gdwarf-4", "-shared", $"-DNAME={library}",
                "-Wl,--image-base,0x2a0000000", "-Wl,--disable-dynamicbase", "-o", Path.Combine(_root, $"{library}.dll"), Path.Combine(recorded, "library-windows.c"));
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Ends what still runs in this prefix, and nothing else; it says 1 when nothing does.
        await RunAsync(s_commandLimit, "/bin/sh", "-c", "wineserver -k; wineserver -w");
        Directory.Delete(_root, recursive: true);
    }

    /// <summary>Starts a Windows program; its input and output are pipes, its errors go to a file.</summary>
    public WineProgram Start(string program, params string[] arguments) => new(this, program, arguments, []);

    /// <summary>The same with one more variable in its environment.</summary>
    internal WineProgram StartWith((string Name, string Value) variable, string program, params string[] arguments) =>
        new(this, program, arguments, [variable]);

    /// <summary>How Windows programs name a file of this machine.</summary>
    public static string WindowsPath(string path) => "Z:" + path.Replace('/', '\\');

    /// <summary>The start of a program with what Wine needs.</summary>
    internal ProcessStartInfo StartInfo(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            Environment =
            {
                ["WINEPREFIX"] = Path.Combine(_root, "prefix"),
                ["WINEDEBUG"] = "-all",
                ["WINEDLLOVERRIDES"] = "mshtml=;winemenubuilder.exe,winedbg.exe=d",
                ["DOTNET_EnableWriteXorExecute"] = "0",
            },
        };
        start.Environment.Remove("DISPLAY");
        return start;
    }

    private async Task MakePrefixAsync()
    {
        await RunAsync(s_commandLimit, "wineboot", "-i");
        await RunAsync(s_commandLimit, "wineserver", "-w");
        // By default it is a Windows 7.
        await RunAsync(s_commandLimit, "wine", "reg", "add", @"HKCU\Software\Wine", "/v", "Version", "/d", "win10", "/f");
        await RunAsync(s_commandLimit, "wineserver", "-w");
    }

    private async Task PublishAgentAsync()
    {
        var folder = Environment.GetEnvironmentVariable("WEBVMMAP_WINDOWS_AGENT");
        if (string.IsNullOrEmpty(folder))
        {
            folder = Path.Combine(Repository.Root, "artifacts", "wine", "agent");
            // Folders of its own for what is built on the way: other builds of the same projects may run at the same time.
            await RunAsync(
                s_publishLimit, "dotnet", "publish", Path.Combine(Repository.Root, "src", "WebVmMap.Agent"), "-c", "Release", "-r", "win-x64", "--self-contained",
                "--artifacts-path", Path.Combine(Repository.Root, "artifacts", "wine", "build"), "-o", folder, "--nologo", "-v", "quiet");
        }
        Agent = Path.Combine(folder, "webvmmap-agent.exe");
        Assert.True(File.Exists(Agent), $"{Agent} was not published.");
    }

    private async Task PublishManagedProgramAsync()
    {
        var folder = Path.Combine(Repository.Root, "artifacts", "wine", "managed");
        await RunAsync(
            s_publishLimit, "dotnet", "publish", Path.Combine(Repository.Root, "tests", "TestTargets", "windows", "managed"), "-c", "Release",
            "--artifacts-path", Path.Combine(Repository.Root, "artifacts", "wine", "managed-build"), "-o", folder, "--nologo", "-v", "quiet");
        ManagedProgram = Path.Combine(folder, "managed.exe");
        Assert.True(File.Exists(ManagedProgram), $"{ManagedProgram} was not published.");
    }

    private async Task PublishToldProgramAsync()
    {
        var folder = Path.Combine(Repository.Root, "artifacts", "wine", "told");
        await RunAsync(
            s_publishLimit, "dotnet", "publish", Path.Combine(Repository.Root, "tests", "TestTargets", "managed"), "-c", "Release", "-r", "win-x64", "--self-contained",
            $"-p:NuGetLockFilePath={folder}.lock.json", "--artifacts-path", Path.Combine(Repository.Root, "artifacts", "wine", "told-build"), "-o", folder, "--nologo", "-v", "quiet");
        ToldProgram = Path.Combine(folder, "managed-program.exe");
        Assert.True(File.Exists(ToldProgram), $"{ToldProgram} was not published.");
    }

    private async Task RunAsync(TimeSpan within, string program, params string[] arguments)
    {
        // Into a file, not a pipe: Wine's services inherit it, and a pipe would stay open as long as they live.
        var log = Path.Combine(_root, $"{Path.GetFileName(program)}-{Guid.NewGuid():N}.log");
        var start = StartInfo("/bin/sh", ["-c", "log=$1; shift; exec \"$@\" > \"$log\" 2>&1 < /dev/null", "sh", log, program, .. arguments]);
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        using var limit = new CancellationTokenSource(within);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} took more than {within}. It said: {await File.ReadAllTextAsync(log)}");
        }
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await File.ReadAllTextAsync(log)}");
        }
    }

    private static void Demand(string program, string packages)
    {
        if (!File.Exists(program))
        {
            throw new InvalidOperationException($"{program} is missing, and without it nothing of Windows can be tested here: sudo apt-get install {packages}");
        }
    }
}
