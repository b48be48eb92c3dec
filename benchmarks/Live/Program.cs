// The system while it runs: a hub, a published agent, real targets. benchmarks/run.sh builds what is needed and starts this:
//
//   Live viewers|footprint|pixels|latency|recording-open --hub PROGRAM --agent PROGRAM [--NAME NUMBER ...]
using WebVmMap.Benchmarks.Live;

var arguments = new Arguments(args);
switch (args.FirstOrDefault())
{
    case "viewers":
        await ViewersBenchmark.RunAsync(arguments);
        return 0;
    case "footprint":
        await FootprintBenchmark.RunAsync(arguments);
        return 0;
    case "pixels":
        await PixelsBenchmark.RunAsync(arguments);
        return 0;
    case "latency":
        await LatencyBenchmark.RunAsync(arguments);
        return 0;
    case "recording-open":
        await OpeningBenchmark.RunAsync(arguments);
        return 0;
    default:
        Console.Error.WriteLine("usage: Live viewers|footprint|pixels|latency|recording-open --hub PROGRAM --agent PROGRAM");
        return 2;
}
