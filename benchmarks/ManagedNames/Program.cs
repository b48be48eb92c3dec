using System.Diagnostics;
using System.Globalization;
using System.Linq.Expressions;
using WebVmMap.Symbols.DotNet;
using WebVmMap.Testing;

// What it costs a .NET program, and who asks it, to tell of the code that it compiles. benchmarks/README.md says what came out.
if (args is ["compile", var count])
{
    CompileMany(int.Parse(count, CultureInfo.InvariantCulture));
    return 0;
}
if (args is not ["--hub", var hub, ..])
{
    Console.Error.WriteLine("usage: ManagedNames --hub PROGRAM [--rounds N]");
    return 2;
}
var rounds = args is [_, _, "--rounds", var given] ? int.Parse(given, CultureInfo.InvariantCulture) : 9;
await AskAsync(hub, rounds);
await CompileAsync(rounds);
return 0;

// A web application with a database, as most that are looked at are: all that it has compiled is told.
static async Task AskAsync(string hub, int rounds)
{
    var data = Directory.CreateTempSubdirectory("webvmmap-benchmark-").FullName;
    var port = FreePorts.NeighbourPair().ToString(CultureInfo.InvariantCulture);
    using var process = Process.Start(new ProcessStartInfo(hub, ["--port", port, "--data", data]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
    try
    {
        _ = process.StandardError.ReadToEndAsync();
        await process.StandardOutput.ReadLineAsync();
        using var client = new HttpClient();
        foreach (var page in Enumerable.Repeat((string[])["openapi/v1.json", "login", ""], 20).SelectMany(pages => pages))
        {
            using var answer = await client.GetAsync(new Uri($"http://127.0.0.1:{port}/{page}"));
        }
        var times = new List<(double Ms, double TargetMs, double OwnMs)>();
        var methods = 0;
        var memory = 0L;
        for (var round = 0; round < rounds; round++)
        {
            var before = GC.GetTotalMemory(forceFullCollection: true);
            var (target, own, watch) = (CpuMs(process), CpuMs(Process.GetCurrentProcess()), Stopwatch.StartNew());
            using var code = RuntimeCode.TryBegin(RuntimeProcess.Of(process.Id)) ?? throw new InvalidOperationException("The hub has no socket for diagnostics.");
            methods = code.Refresh();
            times.Add((watch.Elapsed.TotalMilliseconds, CpuMs(process) - target, CpuMs(Process.GetCurrentProcess()) - own));
            memory = Math.Max(memory, GC.GetTotalMemory(forceFullCollection: true) - before);
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"hub: {methods:N0} methods told, kept in {memory / 1e6:0.0} MB; median of {rounds} (first)"));
        Tell("until all were told", times, time => time.Ms);
        Tell("processor of the program", times, time => time.TargetMs);
        Tell("processor of who asks", times, time => time.OwnMs);
    }
    finally
    {
        process.Kill();
        await process.WaitForExitAsync();
        Directory.Delete(data, recursive: true);
    }
}

// A program that does nothing but compile: what each method costs it more.
static async Task CompileAsync(int rounds)
{
    const int Methods = 4000;
    var (alone, told, mapped) = (new List<double>(), new List<double>(), new List<double>());
    var known = 0;
    for (var round = 0; round < rounds; round++)
    {
        alone.Add((await CompilingAsync(Methods, ask: false, perfMap: false)).Ms);
        (var ms, known) = await CompilingAsync(Methods, ask: true, perfMap: false);
        told.Add(ms);
        mapped.Add((await CompilingAsync(Methods, ask: false, perfMap: true)).Ms);
    }
    double Each(List<double> times) => times.Min() * 1000 / Methods;
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"compiling {Methods:N0} methods, best of {rounds}, each: alone {Each(alone):0.0} us; told of, {known:N0} known at the end: {Each(told):0.0} us; with a perf map {Each(mapped):0.0} us"));
}

static async Task<(double Ms, int Known)> CompilingAsync(int methods, bool ask, bool perfMap)
{
    var start = new ProcessStartInfo(Environment.ProcessPath!, ["compile", methods.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true, RedirectStandardInput = true };
    start.Environment["DOTNET_PerfMapEnabled"] = perfMap ? "3" : "0";
    using var process = Process.Start(start)!;
    await process.StandardOutput.ReadLineAsync();
    using var code = ask ? RuntimeCode.TryBegin(RuntimeProcess.Of(process.Id)) : null;
    await process.StandardInput.WriteLineAsync();
    await process.StandardInput.FlushAsync();
    var ms = double.Parse((await process.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
    code?.Stop();
    var known = code?.Refresh() ?? 0;
    process.StandardInput.Close();
    await process.WaitForExitAsync();
    File.Delete($"/tmp/perf-{process.Id}.map");
    return (ms, known);
}

static void CompileMany(int count)
{
    // The compiler itself is warm by then.
    _ = Compiled(-1)(1);
    Console.WriteLine("ready");
    Console.ReadLine();
    var watch = Stopwatch.StartNew();
    for (var i = 0; i < count; i++)
    {
        _ = Compiled(i)(i);
    }
    Console.WriteLine(watch.Elapsed.TotalMilliseconds.ToString(CultureInfo.InvariantCulture));
    Console.ReadLine();
}

static Func<int, int> Compiled(int number)
{
    var parameter = Expression.Parameter(typeof(int));
    return Expression.Lambda<Func<int, int>>(Expression.Add(Expression.Multiply(parameter, parameter), Expression.Constant(number)), parameter).Compile();
}

static double CpuMs(Process process)
{
    process.Refresh();
    return process.TotalProcessorTime.TotalMilliseconds;
}

static void Tell(string what, List<(double Ms, double TargetMs, double OwnMs)> times, Func<(double Ms, double TargetMs, double OwnMs), double> figure)
{
    var sorted = times.Select(figure).Order().ToList();
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {what}: {sorted[sorted.Count / 2]:0} ms ({figure(times[0]):0} ms)"));
}
