using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace WebVmMap.Benchmarks.Attach;

/// <summary>A program to attach to, started by a shell: what this program starts itself it cannot attach to.</summary>
internal sealed class BusyProgram : IDisposable
{
    private readonly Process _shell;

    private BusyProgram(string kind, Process shell, int id)
    {
        Kind = kind;
        _shell = shell;
        Id = id;
    }

    public string Kind { get; }

    public int Id { get; }

    public bool HasEnded => _shell.HasExited;

    /// <summary>Processor time that it took so far, in the kernel's ticks: what lives on takes more.</summary>
    public long Ticks
    {
        get
        {
            var text = File.ReadAllText($"/proc/{Id}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        }
    }

    public static BusyProgram Start(string kind, params string[] command)
    {
        var shell = Process.Start(new ProcessStartInfo("sh", ["-c", "sh -c 'echo $$; exec \"$@\" > /dev/null' sh \"$@\" & wait $!", "sh", .. command]) { RedirectStandardOutput = true })!;
        var program = new BusyProgram(kind, shell, int.Parse(shell.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture));
        if (!SpinWait.SpinUntil(() => program.HasEnded || program.Ticks > 5, TimeSpan.FromSeconds(30)) || program.HasEnded)
        {
            throw new InvalidOperationException($"{kind} did not start: {string.Join(' ', command)}");
        }
        return program;
    }

    /// <summary>redis-server, and a client that has it allocate.</summary>
    public static BusyProgram StartRedis(int port)
    {
        var redis = Start("redis", "sh", "-c", $"redis-server --port {port} --bind 127.0.0.1 --save '' & sleep 1; exec redis-benchmark -p {port} -t set,lpush -d 200 -r 100000 -P 16 -l -q");
        if (!SpinWait.SpinUntil(() => TryConnect(port), TimeSpan.FromSeconds(30)))
        {
            throw new InvalidOperationException("redis-server did not answer.");
        }
        var server = Directory.GetDirectories("/proc").Select(path => int.TryParse(Path.GetFileName(path), out var id) ? id : 0)
            .First(id => id > 0 && Text($"/proc/{id}/comm") == "redis-server" && Text($"/proc/{id}/stat").Split(' ')[3] == redis.Id.ToString(CultureInfo.InvariantCulture));
        return new BusyProgram("redis", redis._shell, server);
    }

    public void Dispose()
    {
        if (!_shell.HasExited)
        {
            _shell.Kill(entireProcessTree: true);
        }
        _shell.Dispose();
    }

    private static bool TryConnect(int port)
    {
        try
        {
            using var client = new TcpClient("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static string Text(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (IOException)
        {
            return "";
        }
    }
}
