using System.Diagnostics;
using Npgsql;
using WebVmMap.Hub.Tests.Hosting;
using Xunit;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace WebVmMap.Hub.Tests.Hosting;

/// <summary>
/// A real PostgreSQL server of this test run's own, started when a test first wants a database: its data in a temporary folder,
/// reachable only through a socket in it. Where none can be started the test is skipped, with the reason.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private readonly Lazy<Task<string>> _started;
    private string? _folder;
    private int _databases;

    public PostgresServer() => _started = new Lazy<Task<string>>(StartAsync);

    /// <summary>The connection string of a new, empty database.</summary>
    public async Task<string> NewDatabaseAsync()
    {
        var server = await _started.Value;
        var name = $"test{Interlocked.Increment(ref _databases)}";
        await using var connection = new NpgsqlConnection($"{server};Database=postgres;Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The name is made here.
        command.CommandText = $"CREATE DATABASE {name}";
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return $"{server};Database={name};Maximum Pool Size=8";
    }

    public async ValueTask DisposeAsync()
    {
        if (_folder is null)
        {
            return;
        }
        NpgsqlConnection.ClearAllPools();
        if (File.Exists(Path.Combine(Data(_folder), "postmaster.pid")))
        {
            await RunAsync("pg_ctl", "stop", "-D", Data(_folder), "-m", "immediate", "-w");
        }
        Directory.Delete(_folder, recursive: true);
    }

    private static string Data(string folder) => Path.Combine(folder, "data");

    private async Task<string> StartAsync()
    {
        if (!OperatingSystem.IsLinux() || Program("initdb") is null)
        {
            Assert.Skip("PostgreSQL's programs are not installed here: build/install.sh test installs them.");
        }
        var folder = Directory.CreateTempSubdirectory("webvmmap-pg-").FullName;
        if (Environment.IsPrivilegedProcess)
        {
            // initdb refuses to run as root.
            await RunAsync(new ProcessStartInfo("chown", [User(), folder]));
        }
        _folder = folder;
        await RunAsync("initdb", "-D", Data(folder), "-U", "webvmmap", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync");
        // Nothing here has to survive a power failure.
        await RunAsync("pg_ctl", "start", "-D", Data(folder), "-w", "-l", Path.Combine(folder, "log"), "-o", $"-k {folder} -c listen_addresses= -c fsync=off");
        return $"Host={folder};Username=webvmmap";
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        var path = Program(program)!;
        await RunAsync(Environment.IsPrivilegedProcess
            ? new ProcessStartInfo("setpriv", ["--reuid", User(), "--regid", User() == "postgres" ? "postgres" : "nogroup", "--clear-groups", path, .. arguments])
            : new ProcessStartInfo(path, arguments));
    }

    private static async Task RunAsync(ProcessStartInfo start)
    {
        // The server inherits what pg_ctl has: a pipe would then never end.
        var output = Path.GetTempFileName();
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", "exec \"$@\" > \"$0\" 2>&1 < /dev/null", output, start.FileName, .. start.ArgumentList]) { WorkingDirectory = "/" })!;
        await process.WaitForExitAsync();
        var said = await File.ReadAllTextAsync(output);
        File.Delete(output);
        Assert.True(process.ExitCode == 0, $"{start.FileName} {string.Join(' ', start.ArgumentList)}: {said}");
    }

    private static string User() => File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres" : "nobody";

    // Debian keeps them out of the path, a folder per version.
    private static string? Program(string name)
    {
        var versions = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [];
        return versions.OrderByDescending(version => double.Parse(Path.GetFileName(version), System.Globalization.CultureInfo.InvariantCulture))
            .Select(version => Path.Combine(version, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'))
            .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }
}
