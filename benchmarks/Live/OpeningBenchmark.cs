using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;

namespace WebVmMap.Benchmarks.Live;

/// <summary>
/// A recording of a day is opened: by a hub that was started just now and whose files are on the disk only, and again. Beside it what reading all of it takes: as bytes, unpacked by
/// gzip, and interval by interval as the hub would have to without key frames.
/// </summary>
internal static class OpeningBenchmark
{
    private const string Day = "day";
    private const string Minute = "minute";

    private static readonly (string What, string Path)[] s_requests =
    [
        ("a hub's first answer, the list of hosts", "hosts"),
        ("the recording and its totals", $"recordings/{Day}"),
        ("its timeline", $"recordings/{Day}/timeline"),
        ("call tree of one of a minute", $"recordings/{Minute}/calltree"),
        ("call tree of the day", $"recordings/{Day}/calltree"),
        ("call tree of ten minutes of it", $"recordings/{Day}/calltree?from=2026-11-02T14:00:00Z&to=2026-11-02T14:10:00Z"),
    ];

    public static async Task RunAsync(Arguments arguments)
    {
        var (rounds, stacks, active) = (arguments.Number("--rounds", 5), arguments.Number("--stacks", 6000), arguments.Number("--active", 60));
        var folder = Directory.CreateTempSubdirectory("webvmmap-opening-").FullName;
        var (data, packed) = (Path.Combine(folder, "data"), Path.Combine(folder, "day.gz"));
        try
        {
            var day = MadeRecording.OfADay(Day, stacks, active);
            var bytes = await day.StoreAsync(data, packed);
            await MadeRecording.OfAMinute(Minute, stacks, active).StoreAsync(data, Path.Combine(folder, "minute.gz"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"24 h of 250 ms, {stacks:N0} stacks, {day.Changes:N0} changes of sites: {bytes / 1e6:N0} MB of intervals, {new DirectoryInfo(data).EnumerateFiles().Sum(file => file.Length) / 1e6:N0} MB on the disk, {new FileInfo(packed).Length / 1e6:N0} MB by gzip"));
            await RunAsync(arguments.Text("--hub", ""), data, packed, day, rounds);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task RunAsync(string hub, string data, string packed, MadeRecording day, int rounds)
    {
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.LaunchAsync(playwright);
        var cold = new Dictionary<string, List<double>>();
        var warm = new Dictionary<string, List<double>>();
        var (resident, opened, all) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            foreach (var (what, path) in s_requests)
            {
                await using var program = await StartColdAsync(hub, data);
                cold.Of(what).Add(await TimeAsync(() => program.Client.GetByteArrayAsync(new Uri($"/api/v1/{path}", UriKind.Relative))));
                warm.Of(what).Add(await TimeAsync(() => program.Client.GetByteArrayAsync(new Uri($"/api/v1/{path}", UriKind.Relative))));
            }
            foreach (var id in (string[])[Minute, Day])
            {
                await using var program = await StartColdAsync(hub, data);
                var what = $"page of the {id} in the browser, until the flame graph is painted";
                var before = program.Figures.ResidentMb;
                cold.Of(what).Add(await PaintAsync(browser, program.Client.BaseAddress!, id));
                var after = program.Figures.ResidentMb;
                warm.Of(what).Add(await PaintAsync(browser, program.Client.BaseAddress!, id));
                if (id == Day)
                {
                    foreach (var (_, path) in s_requests)
                    {
                        await program.Client.GetByteArrayAsync(new Uri($"/api/v1/{path}", UriKind.Relative));
                    }
                    resident.Add(before);
                    opened.Add(after);
                    all.Add(program.Figures.ResidentMb);
                }
            }
        }
        var peers = new (string What, Func<Task> Read)[]
        {
            ("all of its file, read to the end (cat)", () => ShellAsync($"cat '{data}'/*.db > /dev/null")),
            ("all of its intervals, unpacked (gzip -dc)", () => ShellAsync($"gzip -dc '{packed}' > /dev/null")),
            ("all of its intervals, read and counted one by one", () => day.ReadAllAsync(data)),
        };
        var read = new Dictionary<string, List<double>>();
        for (var round = 0; round < rounds; round++)
        {
            foreach (var (what, peer) in peers)
            {
                await ForgetAsync(data);
                read.Of(what).Add(await TimeAsync(peer));
            }
        }
        var whole = Median(read[peers[^1].What]);
        Console.WriteLine("| | cold | at once again | part of reading all |");
        foreach (var (what, times) in cold)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {Median(times):N0} ms (longest {times.Max():N0}) | {Median(warm[what]):N0} ms | {Median(times) / whole:P1} |"));
        }
        foreach (var (what, times) in read)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {Median(times):N0} ms (longest {times.Max():N0}) | | {Median(times) / whole:P1} |"));
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"the hub's memory, resident: {Median(resident):F0} MB at its start, {Median(opened):F0} MB with the page, {Median(all):F0} MB after all of these; median of {rounds}; load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}"));
    }

    private static async Task<HubProgram> StartColdAsync(string hub, string data)
    {
        await ForgetAsync(data);
        return await HubProgram.StartAsync(hub, data);
    }

    private static async Task<double> PaintAsync(IBrowser browser, Uri hub, string id)
    {
        var context = await browser.NewContextAsync(new() { ViewportSize = new() { Width = 1440, Height = 900 }, ReducedMotion = ReducedMotion.Reduce });
        await context.AddInitScriptAsync(scriptPath: Path.Combine(AppContext.BaseDirectory, "painted.js"));
        var page = await context.NewPageAsync();
        await page.GotoAsync(new Uri(hub, $"/recordings/{id}").AbsoluteUri, new() { WaitUntil = WaitUntilState.Commit });
        var value = await page.WaitForFunctionAsync("() => benchmarkPicture.painted", null, new() { Timeout = 120_000 });
        var painted = await value.JsonValueAsync<double>();
        await context.CloseAsync();
        return painted;
    }

    // The kernel keeps in memory what was written or read lately: an old recording is not among that.
    private static Task ForgetAsync(string data) => ShellAsync($"for file in '{data}'/*; do [ ! -f \"$file\" ] || dd if=\"$file\" iflag=nocache count=0 status=none; done");

    private static async Task ShellAsync(string command)
    {
        using var process = Process.Start("sh", ["-c", command]);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{command} ended with {process.ExitCode}.");
        }
    }

    private static async Task<double> TimeAsync(Func<Task> action)
    {
        var watch = Stopwatch.StartNew();
        await action();
        return watch.Elapsed.TotalMilliseconds;
    }

    private static double Median(List<double> figures) => figures.Order().ElementAt(figures.Count / 2);

    private static List<double> Of(this Dictionary<string, List<double>> lists, string what) => lists.TryGetValue(what, out var list) ? list : lists[what] = [];
}
