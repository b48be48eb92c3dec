using System.Diagnostics;

namespace WebVmMap.Symbols.Tests;

/// <summary>Runs programs of the machine.</summary>
internal static class Tool
{
    /// <summary>Runs one to its end; it must succeed.</summary>
    /// <returns>What it printed, line by line.</returns>
    public static List<string> Run(string program, IEnumerable<string> arguments, IEnumerable<string>? input = null)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var writing = Task.Run(() =>
        {
            foreach (var line in input ?? [])
            {
                process.StandardInput.WriteLine(line);
            }
            process.StandardInput.Close();
        });
        var lines = new List<string>();
        while (process.StandardOutput.ReadLine() is { } line)
        {
            lines.Add(line);
        }
        process.WaitForExit();
        writing.GetAwaiter().GetResult();
        Assert.True(process.ExitCode == 0, $"{program}: {errors.GetAwaiter().GetResult()}");
        return lines;
    }
}
