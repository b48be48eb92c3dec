using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using WebVmMap.Testing;

namespace WebVmMap.Benchmarks.RecordingCost;

/// <summary>A redis server, whose allocator is jemalloc, under load: how much of its throughput is kept.</summary>
internal static class Redis
{
    private static readonly string[] s_commands = ["SET", "GET", "LPUSH", "HSET"];

    public static void Run(Tracer[] tracers, int rounds)
    {
        var rates = tracers.ToDictionary(tracer => tracer.Name, _ => new List<double[]>());
        for (var round = 0; round < rounds; round++)
        {
            foreach (var tracer in tracers)
            {
                rates[tracer.Name].Add(Round(tracer));
            }
        }
        Console.WriteLine();
        Console.WriteLine($"{"redis, median of requests a second",-60}{string.Concat(s_commands.Select(command => $"{command,14}"))}");
        foreach (var tracer in tracers)
        {
            Console.WriteLine($"{"",-40}{tracer.Name,-20}" + string.Concat(s_commands.Select((_, i) =>
            {
                var median = Comparison.Median(rates[tracer.Name], round => round[i]);
                var alone = Comparison.Median(rates[Tracer.None.Name], round => round[i]);
                return $"{(tracer == Tracer.None ? (median / 1e3).ToString("F0", CultureInfo.InvariantCulture) + " k" : (median / alone).ToString("F2", CultureInfo.InvariantCulture) + "x"),14}";
            })));
        }
    }

    private static double[] Round(Tracer tracer)
    {
        var port = FreePorts.One().ToString(CultureInfo.InvariantCulture);
        string[] words = [.. tracer.Words, "redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--daemonize", "no", "--dir", Path.GetTempPath()];
        using var server = Process.Start(new ProcessStartInfo(words[0], words[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        _ = server.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        _ = server.StandardError.BaseStream.CopyToAsync(Stream.Null);
        while (!Answers(int.Parse(port, CultureInfo.InvariantCulture)))
        {
            if (server.HasExited)
            {
                throw new InvalidOperationException($"redis-server under {tracer.Name} ended with {server.ExitCode}.");
            }
            Thread.Sleep(20);
        }
        using var load = Process.Start(new ProcessStartInfo(
            "redis-benchmark", ["-h", "127.0.0.1", "-p", port, "-P", "16", "-n", "400000", "-r", "100000", "-t", "set,get,lpush,hset", "--csv"])
        { RedirectStandardOutput = true })!;
        var lines = load.StandardOutput.ReadToEnd().Split('\n');
        load.WaitForExit();
        using (var end = Process.Start(new ProcessStartInfo("redis-cli", ["-h", "127.0.0.1", "-p", port, "shutdown", "nosave"]) { RedirectStandardOutput = true })!)
        {
            end.WaitForExit();
        }
        server.WaitForExit();
        return [.. s_commands.Select(command => Rate(lines, command))];
    }

    // "SET","123456.78","0.4",...
    private static double Rate(string[] lines, string command)
    {
        var line = lines.First(line => line.StartsWith($"\"{command}", StringComparison.Ordinal));
        return double.Parse(line.Split(',')[1].Trim('"'), CultureInfo.InvariantCulture);
    }

    private static bool Answers(int port)
    {
        try
        {
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
